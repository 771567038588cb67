namespace Diesel.Reactive;

/// <summary>How long to wait before something that has failed is tried again: longer each time, and never as long as others do.</summary>
/// <remarks>Each wait is drawn evenly from zero to a bound (full jitter), so that many who failed together do not come again together. The
/// bound grows by <see cref="Factor"/> with each failure, up to <see cref="Most"/>. In virtual time each run of a program draws the
/// same. A recipe: share it. Idea: diesel's <c>keep_alive</c> waited half a second, whoever failed how often.</remarks>
public sealed record Backoff
{
    private readonly TimeSpan _first = TimeSpan.FromMilliseconds(50);
    private readonly TimeSpan _most = TimeSpan.FromSeconds(10);
    private readonly double _factor = 2;
    private readonly TimeSpan _resetAfter = TimeSpan.FromSeconds(10);

    /// <summary>The bound of the first wait; default 50 ms.</summary>
    /// <exception cref="ArgumentOutOfRangeException">It is zero or less.</exception>
    public TimeSpan First { get => _first; init => _first = Setting.Positive(value); }

    /// <summary>The largest bound; default 10 s. Less than <see cref="First"/>: it holds from the beginning.</summary>
    /// <exception cref="ArgumentOutOfRangeException">It is zero or less.</exception>
    public TimeSpan Most { get => _most; init => _most = Setting.Positive(value); }

    /// <summary>By how much the bound grows; default 2, at least 1: it does not.</summary>
    /// <exception cref="ArgumentOutOfRangeException">It is less than 1, or no number.</exception>
    public double Factor
    {
        get => _factor;
        init => _factor = value >= 1 && double.IsFinite(value) ? value
            : throw new ArgumentOutOfRangeException(nameof(Factor), value, $"{nameof(Factor)} must be at least 1: the waits do not become shorter.");
    }

    /// <summary>Whether waits are drawn (full jitter); false: each is its bound. Default true.</summary>
    public bool Jitter { get; init; } = true;

    /// <summary>How long it must go well before the bound begins anew with <see cref="First"/>; default 10 s.</summary>
    /// <exception cref="ArgumentOutOfRangeException">It is zero or less.</exception>
    public TimeSpan ResetAfter { get => _resetAfter; init => _resetAfter = Setting.Positive(value); }

    internal static Backoff Default { get; } = new();
}
