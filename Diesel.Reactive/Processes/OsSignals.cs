using System.Reactive.Disposables;
using System.Reactive.Linq;
using System.Runtime.InteropServices;

namespace Diesel.Reactive;

/// <summary>The signals that the system sends to this process.</summary>
/// <remarks>
/// <para>Once a signal was observed, it does not end the process any more when nobody observes it: between two waits a second one would
/// otherwise kill it, as it did with diesel. It is lost then; <see cref="LatchedSignal"/> remembers it. SIGINT, SIGTERM and SIGQUIT
/// are the exceptions: they do what they do by themselves while nobody observes them.</para>
/// <para>The system merges signals of one kind that come while it has not delivered the first. Other handlers in the process run as well.
/// Idea: diesel's <c>signal</c>.</para>
/// </remarks>
public static class OsSignals
{
    /// <summary>SIGUSR1: the program's to give a meaning.</summary>
    public static PosixSignal User1 { get; } = (PosixSignal)(OperatingSystem.IsLinux() ? 10 : 30);

    /// <summary>SIGUSR2: the program's to give a meaning.</summary>
    public static PosixSignal User2 { get; } = (PosixSignal)(OperatingSystem.IsLinux() ? 12 : 31);

    /// <summary>Observes a signal.</summary>
    /// <param name="signal">SIGHUP, …; <see cref="User1"/>, <see cref="User2"/>, or any other by the system's number for it.</param>
    /// <param name="hub">Where it is told; null for the current hub, or the default one.</param>
    /// <returns>Hot: each signal that comes after the subscription. Never completes; fails with <see cref="ObjectDisposedException"/> when the
    /// hub ends.</returns>
    /// <exception cref="PlatformNotSupportedException">The system has no such signal, or the process may not handle it.</exception>
    /// <remarks>Scheduler: the hub, in a turn of its own, also when it was busy while the signal came.</remarks>
    public static IObservable<PosixSignal> On(PosixSignal signal, Hub? hub = null)
    {
        var source = OsSignalSource.Of(signal);
        var on = Hub.Of(hub);
        return Observable.Create<PosixSignal>(observer => new CompositeDisposable(
            source.Subscribe(new OsSignalObserver(on, observer)),
            on.Own(Disposable.Create((on, observer), static o => o.observer.OnError(o.on.Ended())))));
    }

    /// <summary>Waits for a signal.</summary>
    /// <param name="signal">As of <see cref="On"/>.</param>
    /// <param name="hub">Where it is told; null for the current hub, or the default one.</param>
    /// <returns>Cold: each subscription and each <c>await</c> waits for the next one.</returns>
    /// <exception cref="PlatformNotSupportedException">The system has no such signal, or the process may not handle it.</exception>
    public static Awaitable<PosixSignal> Next(PosixSignal signal, Hub? hub = null) =>
        On(signal, hub).ToAwaitable($"the signal {Text(signal)}");

    /// <summary>Linux's number for one that .NET has a name and a negative number for; any other is the system's already.</summary>
    internal static int NumberOf(PosixSignal signal) => (int)signal switch
    {
        > 0 and var number => number,
        -1 => 1, // SIGHUP
        -2 => 2, // SIGINT
        -3 => 3, // SIGQUIT
        -4 => 15, // SIGTERM
        -5 => 17, // SIGCHLD
        -6 => 18, // SIGCONT
        -7 => 28, // SIGWINCH
        -8 => 21, // SIGTTIN
        -9 => 22, // SIGTTOU
        -10 => 20, // SIGTSTP
        _ => throw new ArgumentOutOfRangeException(nameof(signal), signal, "This is no signal that Linux knows."),
    };

    internal static string Text(PosixSignal signal) => signal == User1 ? "SIGUSR1" : signal == User2 ? "SIGUSR2" : signal.ToString();
}
