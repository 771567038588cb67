using System.Diagnostics;
using System.Reflection;

namespace Diesel.Reactive;

/// <summary>Tells a blocking wait in user code (it would stop every connection of the hub) from the short waits of a lock.</summary>
internal static class BlockingWait
{
    /// <summary>Called on the hub's thread when it is about to wait for a handle or a monitor.</summary>
    /// <exception cref="InvalidOperationException">The wait is one that user code asked for.</exception>
    public static void ThrowIfUserWaits()
    {
        string? waiter = null;
        foreach (var frame in new StackTrace(fNeedFileInfo: false).GetFrames())
        {
            if (frame.GetMethod() is not { DeclaringType: { } type } method || IsOurs(type))
            {
                continue;
            }

            if (IsLock(type, method))
            {
                return;
            }

            if (Waits(type, method))
            {
                waiter = $"{type.Name}.{method.Name}";
            }

            // Locks, type initialisers and the runtime's own waits end in the framework; they are not the user's.
            if (type.Assembly != typeof(object).Assembly && !type.FullName!.StartsWith("System.Collections.", StringComparison.Ordinal))
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

    private static bool IsOurs(Type type) =>
        type == typeof(BlockingWait) || type == typeof(HubContext) || type == typeof(SynchronizationContext);

    // A lock is held for short, whatever takes it is called: SemaphoreSlim.WaitAsync, say. And a collection waits for finalizers, of which there
    // may just be one at work: that is no reason to fail who measures memory.
    private static bool IsLock(Type type, MethodBase method) =>
        type == typeof(GC) || type == typeof(Lock) || type == typeof(ReaderWriterLockSlim) ||
        (type == typeof(Monitor) && method.Name.Contains("Enter", StringComparison.Ordinal));

    // Anywhere in the name: once compiled for speed, SpinThenBlockingWait may be the only frame left of Task.Result's.
    private static bool Waits(Type type, MethodBase method) =>
        method.Name.Contains("Wait", StringComparison.Ordinal) || (type == typeof(Thread) && method.Name == nameof(Thread.Join));
}
