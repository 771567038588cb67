using System.Reactive;

namespace Diesel.Reactive;

/// <summary>An event that sets itself after a number of ticks, and stays set.</summary>
/// <remarks>As <see cref="Event"/>. A countdown from 0 is set from the start (diesel's was not set before a tick), and
/// there is no <c>Clear</c> (diesel's did not restore the count): make a new one.
/// Idea: diesel's <c>Countdown</c>.</remarks>
public sealed class Countdown : ICountdown
{
    private readonly Hub _hub;
    private readonly Event _reached;
    private int _remaining;

    /// <summary>Starts a countdown.</summary>
    /// <param name="count">Ticks until it is set; 0 is set at once.</param>
    /// <param name="hub">Where it lives; null for the current hub, or the default one.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="count"/> is negative.</exception>
    public Countdown(int count, Hub? hub = null)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(count);
        (_hub, _remaining) = (Hub.Of(hub), count);
        _reached = new Event(_hub);
        if (count == 0)
        {
            _reached.SetBeforeUse();
        }
    }

    /// <summary>Ticks that are missing. Any thread.</summary>
    public int Remaining => Volatile.Read(ref _remaining);

    /// <summary>Whether the count is zero. Any thread.</summary>
    public bool IsSet => Remaining == 0;

    /// <inheritdoc/>
    public void Tick() => _hub.Invoke(static c => ((Countdown)c!).TickHere(), this);

    /// <inheritdoc/>
    public Awaitable<Unit> Wait(TimeSpan? timeout = null) => _reached.Wait(timeout);

    /// <summary>What is missing, as errors show it.</summary>
    public override string ToString() => $"a countdown with {Remaining} to go";

    private void TickHere()
    {
        if (_remaining > 0 && --_remaining == 0)
        {
            _reached.Set();
        }
    }
}
