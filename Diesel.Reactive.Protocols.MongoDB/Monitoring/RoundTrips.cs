namespace Diesel.Reactive.Protocols.MongoDB;

/// <summary>How long a server takes to answer: an average in which the latest weighs most, and the shortest of late.</summary>
/// <remarks>Source: the driver specifications' <c>server-selection</c>: an exponentially weighted moving average, of which the latest is a fifth.</remarks>
internal sealed class RoundTrips
{
    private const double Weight = 0.2;
    private const int Kept = 10;

    private readonly Queue<TimeSpan> _last = new();

    /// <summary>Null: nobody knows.</summary>
    public TimeSpan? Average { get; private set; }

    /// <summary>Zero with fewer than two: one alone says little.</summary>
    public TimeSpan Least => _last.Count < 2 ? TimeSpan.Zero : _last.Min();

    public void Add(TimeSpan took)
    {
        Average = Average is { } average ? (took * Weight) + (average * (1 - Weight)) : took;
        _last.Enqueue(took);
        if (_last.Count > Kept)
        {
            _last.Dequeue();
        }
    }

    public void Clear()
    {
        Average = null;
        _last.Clear();
    }
}
