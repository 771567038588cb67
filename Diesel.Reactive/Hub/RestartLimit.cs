namespace Diesel.Reactive;

/// <summary>How often a loop that is kept alive may begin again before it is given up.</summary>
/// <param name="Restarts">So often at most; at least 1.</param>
/// <param name="Period">Within any period so long.</param>
/// <remarks>Source: the intensity and period of Erlang's supervisors.</remarks>
public sealed record RestartLimit(int Restarts, TimeSpan Period)
{
    /// <summary>So often at most; at least 1.</summary>
    /// <exception cref="ArgumentOutOfRangeException">It is less.</exception>
    public int Restarts { get; } = Restarts > 0 ? Restarts : throw new ArgumentOutOfRangeException(nameof(Restarts), Restarts, "At least one restart, or do not keep it alive.");

    /// <summary>Within any period so long.</summary>
    /// <exception cref="ArgumentOutOfRangeException">It is not positive.</exception>
    public TimeSpan Period { get; } = Period > TimeSpan.Zero ? Period : throw new ArgumentOutOfRangeException(nameof(Period), Period, "A period has a length.");
}
