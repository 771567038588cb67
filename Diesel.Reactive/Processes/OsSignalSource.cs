using System.Collections.Concurrent;
using System.Runtime.InteropServices;

namespace Diesel.Reactive;

/// <summary>One signal of the process, from its first observer on for as long as the process lives.</summary>
internal sealed class OsSignalSource
{
    private static readonly ConcurrentDictionary<PosixSignal, Lazy<OsSignalSource>> All = [];

    private readonly Broadcast<PosixSignal> _observers = new();
    private readonly bool _endsProcess;

    // Held for good: without it the next signal would do what the system does by itself.
    private readonly PosixSignalRegistration _registration;

    private OsSignalSource(PosixSignal signal)
    {
        _endsProcess = signal is PosixSignal.SIGINT or PosixSignal.SIGTERM or PosixSignal.SIGQUIT;
        _registration = PosixSignalRegistration.Create(signal, Tell);
    }

    public static OsSignalSource Of(PosixSignal signal) => All.GetOrAdd(signal, static s => new(() => new OsSignalSource(s))).Value;

    public IDisposable Subscribe(IObserver<PosixSignal> observer) => _observers.Subscribe(observer);

    public override string ToString() => $"the signal observed by {_registration}";

    private void Tell(PosixSignalContext context)
    {
        _observers.Tell(context.Signal);
        context.Cancel |= !_endsProcess || _observers.IsObserved;
    }
}

/// <summary>Brings signals to a hub.</summary>
internal sealed class OsSignalObserver(Hub hub, IObserver<PosixSignal> observer) : IObserver<PosixSignal>
{
    public void OnNext(PosixSignal value) => hub.Post(_ => observer.OnNext(value));

    public void OnError(Exception error)
    {
    }

    public void OnCompleted()
    {
    }
}
