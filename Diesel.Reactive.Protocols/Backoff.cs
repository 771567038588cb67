namespace Diesel.Reactive.Protocols;

/// <summary>How long to wait before the next attempt: drawn from zero to a bound that doubles.</summary>
internal sealed class Backoff(TimeSpan first, TimeSpan most)
{
    private TimeSpan _bound = first;

    public TimeSpan Next()
    {
        var pause = _bound * Random.Shared.NextDouble();
        _bound = _bound * 2 < most ? _bound * 2 : most;
        return pause;
    }

    public void Reset() => _bound = first;
}
