using System.Diagnostics;

namespace Diesel.Reactive;

/// <summary>Tells a blocking wait in user code (it would stop every connection of the hub) from the short waits of a lock.</summary>
internal static class BlockingWait
{
    // How much more is said of an assembly than its name, each runtime decides for itself.
    private static readonly string Framework = typeof(object).Assembly.GetName().Name!;

    /// <summary>Called on the hub's thread when it is about to wait for a handle or a monitor.</summary>
    /// <exception cref="InvalidOperationException">The wait is one that user code asked for.</exception>
    public static void ThrowIfUserWaits()
    {
        string? waiter = null;
        foreach (var frame in new StackTrace(fNeedFileInfo: false).GetFrames())
        {
            if (DiagnosticMethodInfo.Create(frame) is not { DeclaringTypeName: { } type, Name: var method } info || IsOurs(type))
            {
                continue;
            }

            if (IsLock(type, method))
            {
                return;
            }

            if (Waits(type, method))
            {
                waiter = $"{type[(type.LastIndexOfAny(['.', '+']) + 1)..]}.{method}";
            }

            // Locks, type initialisers and the runtime's own waits end in the framework; they are not the user's.
            if (!info.DeclaringAssemblyName.StartsWith(Framework, StringComparison.Ordinal) && !type.StartsWith("System.Collections.", StringComparison.Ordinal))
            {
                break;
            }
        }

        if (waiter is not null)
        {
            throw new InvalidOperationException(
                $"{waiter} would block the hub's thread, and with it every connection and timer. " +
                "Await it, subscribe to it, or move the blocking work off the hub with hub.Run(...).");
        }
    }

    private static bool IsOurs(string type) =>
        type == typeof(BlockingWait).FullName || type == typeof(HubContext).FullName || type == typeof(SynchronizationContext).FullName;

    // A lock is held for short, whatever takes it is called: SemaphoreSlim.WaitAsync, say. And a collection waits for finalizers, of which there
    // may just be one at work: that is no reason to fail who measures memory. In a program compiled ahead of time whoever starts a thread waits until
    // it runs, and so does who gives something to the pool when that starts one of its own.
    private static bool IsLock(string type, string method) =>
        type == typeof(GC).FullName || type == typeof(Lock).FullName || type == typeof(ReaderWriterLockSlim).FullName ||
        (type == typeof(Thread).FullName && method is nameof(Thread.Start) or "StartCore") ||
        (type == typeof(Monitor).FullName && method.Contains("Enter", StringComparison.Ordinal));

    // Anywhere in the name: once compiled for speed, SpinThenBlockingWait may be the only frame left of Task.Result's.
    private static bool Waits(string type, string method) =>
        method.Contains("Wait", StringComparison.Ordinal) || (type == typeof(Thread).FullName && method == nameof(Thread.Join));
}
