using System.Reactive;

namespace Diesel.Reactive;

/// <summary>A condition that any number of loops wait for; it stays set until it is cleared.</summary>
/// <remarks>
/// <para>To those who wait it is a replay subject of one value that can be cleared. <c>Set(); Clear();</c> is a pulse: it
/// wakes everyone who waits now and nobody else. Losing a race, or being unsubscribed, leaves nothing behind. There is one
/// entry per waiter and nothing else that grows.</para>
/// <para>Scheduler: the hub. <c>Wait</c>'s observers are told from within <c>Set</c>, in the order they came; a loop that
/// awaits runs on after the caller of <c>Set</c> has given way. Idea: diesel's <c>Event</c>; there a timeout of zero
/// meant for ever, here it means now or never.</para>
/// </remarks>
public sealed class Event : IEvent
{
    private readonly Hub _hub;
    private readonly WaitLine<Unit> _line = new();
    private readonly Waiting _forEver;
    private volatile bool _isSet;

    /// <summary>Makes an event that is not set.</summary>
    /// <param name="hub">Where it lives; null for the current hub, or the default one.</param>
    public Event(Hub? hub = null)
    {
        _hub = Hub.Of(hub);
        _forEver = new Waiting(this, Timeout.InfiniteTimeSpan);
    }

    /// <summary>Whether it is set. Any thread; what another thread has set shows once the hub got to it.</summary>
    public bool IsSet => _isSet;

    /// <summary>How many wait.</summary>
    public int Waiters => _line.Count;

    /// <inheritdoc/>
    public void Set() => _hub.Invoke(static e => ((Event)e!).SetHere(), this);

    /// <inheritdoc/>
    public void Clear() => _hub.Invoke(static e => ((Event)e!)._isSet = false, this);

    /// <inheritdoc/>
    public Awaitable<Unit> Wait(TimeSpan? timeout = null) =>
        timeout is null ? _forEver : new Waiting(this, Waits.For(timeout));

    /// <summary>Whether it is set, as errors show it.</summary>
    public override string ToString() => _isSet ? "an event that is set" : "an event that is not set";

    internal void SetBeforeUse() => _isSet = true;

    private void SetHere()
    {
        if (!_isSet)
        {
            _isSet = true;
            _line.DeliverAll(Unit.Default);
        }
    }

    private sealed class Waiting(Event owner, TimeSpan timeout) : Wait<Unit>(owner._hub, timeout)
    {
        protected override bool IsReady => owner._isSet;

        protected override WaitLine<Unit> Line => owner._line;

        protected override Unit Take() => Unit.Default;

        protected internal override Exception OnTimeout() => new TimeoutException(
            $"The event was not set {Waits.Text(Limit)}. Set it, or wait longer.");

        public override string ToString() => "waiting for an event";
    }
}
