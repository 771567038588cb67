using System.Reactive;
using System.Runtime.InteropServices;

namespace Diesel.Reactive;

/// <summary>An event that a signal sets, also while nobody waits, and that stays set until it is rearmed.</summary>
/// <remarks>Idea: diesel's <c>event.Signal</c>.</remarks>
public sealed class LatchedSignal : IDisposable
{
    private readonly Event _event;
    private readonly PosixSignal _signal;
    private readonly IDisposable _subscription;

    /// <summary>Begins to watch for a signal.</summary>
    /// <param name="signal">As of <see cref="OsSignals.On"/>.</param>
    /// <param name="hub">Where it is told; null for the current hub, or the default one.</param>
    /// <exception cref="PlatformNotSupportedException">The system has no such signal, or the process may not handle it.</exception>
    public LatchedSignal(PosixSignal signal, Hub? hub = null)
    {
        var on = Hub.Of(hub);
        (_event, _signal) = (new Event(on), signal);
        _subscription = OsSignals.On(signal, on).Subscribe(_ => _event.Set(), static _ => { });
    }

    /// <summary>Whether the signal has come since the beginning, or since it was rearmed.</summary>
    public bool IsSet => _event.IsSet;

    /// <summary>Waits for the signal; one that has come is enough.</summary>
    /// <param name="timeout">Zero: only if it has come. Null: for ever.</param>
    /// <returns>Cold: each subscription and each <c>await</c> waits anew, and gets one <see cref="Unit"/>.</returns>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="timeout"/> is negative.</exception>
    /// <remarks>Errors: <see cref="TimeoutException"/>.</remarks>
    public Awaitable<Unit> Wait(TimeSpan? timeout = null) => _event.Wait(timeout);

    /// <summary>Waits for the next signal, not for one that has come.</summary>
    public void Rearm() => _event.Clear();

    /// <summary>Watches no longer; those who wait go on waiting.</summary>
    public void Dispose() => _subscription.Dispose();

    /// <summary>Which signal, and whether it has come.</summary>
    public override string ToString() => $"the signal {OsSignals.Text(_signal)}, which has {(IsSet ? "" : "not ")}come";
}
