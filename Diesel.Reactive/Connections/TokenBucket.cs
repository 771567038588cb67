namespace Diesel.Reactive;

/// <summary>An upper bound in one direction: bytes that may pass gather at a rate, and no more of them than pass in a tenth of a
/// second.</summary>
internal sealed class TokenBucket
{
    private static readonly TimeSpan Period = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan LeastWait = TimeSpan.FromMilliseconds(1);

    private double _rate;
    private double _tokens;
    private TimeSpan _filled;

    public TokenBucket(long bytesPerSecond, TimeSpan now)
    {
        (_rate, _filled) = (bytesPerSecond, now);
        _tokens = Most;
    }

    private double Most => Math.Max(1, _rate * Period.TotalSeconds);

    public void Change(long bytesPerSecond, TimeSpan now)
    {
        Fill(now);
        _rate = bytesPerSecond;
        _tokens = Math.Min(_tokens, Most);
    }

    /// <summary>How many bytes may pass now.</summary>
    public int Allowance(int most, TimeSpan now)
    {
        Fill(now);
        return _tokens < 1 ? 0 : (int)Math.Min(_tokens, most);
    }

    /// <summary>They have passed; more than were allowed are owed.</summary>
    public void Spend(long count) => _tokens -= count;

    /// <summary>How long until bytes may pass, and not only one after the other.</summary>
    public TimeSpan Wait(TimeSpan now)
    {
        Fill(now);
        var wait = _tokens >= 1 ? TimeSpan.Zero : TimeSpan.FromSeconds((Most - _tokens) / _rate);
        return wait > LeastWait ? wait : LeastWait;
    }

    private void Fill(TimeSpan now)
    {
        _tokens = Math.Min(Most, _tokens + (_rate * (now - _filled).TotalSeconds));
        _filled = now;
    }
}
