namespace Diesel.Reactive;

/// <summary>How much of a connection's output goes out at a time, and when the rest does.</summary>
/// <remarks>A mutable struct: keep it in a field that is not readonly.</remarks>
internal struct OutputPace
{
    // A peer that takes all at once must not keep the others waiting: the rest goes out in the next turn.
    private const int MostPerTurn = 1024 * 1024;

    /// <summary>What slows it down; null: nothing does.</summary>
    public Throttle? Throttle { get; set; }

    /// <summary>This side's own limit keeps output from being sent.</summary>
    public readonly bool IsWaiting => Throttle is { IsWaiting: true };

    /// <summary>Bytes that may be sent now.</summary>
    public readonly int Allowance() => Throttle?.Allowance(MostPerTurn) ?? MostPerTurn;

    /// <summary>Flushes when more may be sent.</summary>
    /// <returns>False: not now.</returns>
    public readonly bool GoOnLater(Outbound output)
    {
        if (Throttle is { } throttle)
        {
            throttle.Await();
        }
        else
        {
            output.Hub.Post(static o => ((Outbound)o!).FlushLater(), output);
        }

        return false;
    }
}
