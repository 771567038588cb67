namespace Diesel.Reactive.Protocols;

/// <summary>How long to wait before the next attempt: drawn from zero to a bound that doubles.</summary>
/// <param name="first">The first bound.</param>
/// <param name="most">The last.</param>
/// <param name="born">When it was made: no two clients draw alike, and in virtual time each run draws the same.</param>
internal sealed class Backoff(TimeSpan first, TimeSpan most, DateTimeOffset born)
{
    private readonly Random _random = new(born.Ticks.GetHashCode());
    private TimeSpan? _bound;

    public TimeSpan Next()
    {
        var bound = _bound ?? first;
        _bound = bound * 2 < most ? bound * 2 : most;
        return bound * _random.NextDouble();
    }

    public void Reset() => _bound = null;
}
