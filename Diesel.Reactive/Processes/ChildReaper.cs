using System.Collections.Concurrent;
using System.Runtime.InteropServices;

namespace Diesel.Reactive;

/// <summary>The children of this process, from their start until the system was asked how they ended, so that none is left as a zombie.</summary>
/// <remarks>Any thread. The system merges its tellings (SIGCHLD), so each of them looks at all.</remarks>
internal static class ChildReaper
{
    // By Linux's number, as .NET's name for it is not one of every system.
    private const PosixSignal ChildEnded = (PosixSignal)17;

    private static readonly ConcurrentDictionary<int, ReapedChild> Children = [];

    // Held for good, as children may outlive whoever started them.
    private static readonly PosixSignalRegistration Told = Begin();
    private static int _asked;

    /// <summary>Takes care of a child that was just started.</summary>
    public static void Add(ReapedChild child)
    {
        GC.KeepAlive(Told);
        Children[child.Process] = child;

        // It may have ended before it was here.
        Look(child);
    }

    private static PosixSignalRegistration Begin()
    {
        AppDomain.CurrentDomain.ProcessExit += static (_, _) => KillAll();
        return PosixSignalRegistration.Create(ChildEnded, static _ => LookAtAll());
    }

    // One thread looks; whoever is told meanwhile makes it look once more.
    private static void LookAtAll()
    {
        if (Interlocked.Increment(ref _asked) > 1)
        {
            return;
        }

        int seen;
        do
        {
            seen = Volatile.Read(ref _asked);
            foreach (var child in Children.Values)
            {
                Look(child);
            }
        }
        while (Interlocked.CompareExchange(ref _asked, 0, seen) != seen);
    }

    private static void Look(ReapedChild child)
    {
        if (child.TryReap())
        {
            Children.TryRemove(child.Process, out _);
        }
    }

    private static void KillAll()
    {
        foreach (var child in Children.Values)
        {
            child.Signal(ReapedChild.Kill);
        }
    }
}

/// <summary>A child as the system knows it. Its number is used as long as it is the child's, and never after.</summary>
internal sealed class ReapedChild(int process, Action<ChildExit> ended)
{
    public const int Kill = 9;

    private readonly Lock _gate = new();
    private bool _isReaped;
    private bool _isAlone = true;

    public int Process => process;

    /// <summary>Sends a signal to the child and to what it has started, as far as that is still in its group.</summary>
    /// <returns>False: nobody is left.</returns>
    public bool Signal(int signal)
    {
        lock (_gate)
        {
            // Of an empty group the number may be somebody else's by now.
            return (!_isReaped || !_isAlone) && !(_isAlone = !ChildSystem.Signal(process, signal));
        }
    }

    /// <returns>Whether it has ended; then its end was told.</returns>
    public bool TryReap()
    {
        int? status;
        lock (_gate)
        {
            if (_isReaped)
            {
                return true;
            }

            if (!ChildSystem.HasEnded(process, out status))
            {
                return false;
            }

            _isReaped = true;
            _isAlone = !ChildSystem.Signal(process, 0);
        }

        ended(ChildExit.Of(status));
        return true;
    }
}
