namespace Diesel.Reactive;

/// <summary>A rate that is to be kept: each byte gains time, but no more than a peer that was fast for long may rest on.</summary>
/// <param name="least">Bytes per second.</param>
/// <param name="grace">The time to begin with.</param>
internal struct ByteRate(int least, TimeSpan grace)
{
    private const int MostGraces = 6;

    private TimeSpan _began;
    private TimeSpan _deadline;
    private long _first;
    private long _seen;
    private bool _isOwed;

    /// <summary>From now on bytes are owed.</summary>
    public void Begin(TimeSpan now, long total) => (_began, _deadline, _first, _seen) = (now, now + grace, total, total);

    /// <summary>Whether too little has come in the time there was.</summary>
    public bool IsBroken(TimeSpan now, long total)
    {
        _deadline += TimeSpan.FromSeconds((double)(total - _seen) / least);
        _seen = total;
        if (_deadline > now + (grace * MostGraces))
        {
            _deadline = now + (grace * MostGraces);
        }

        return now >= _deadline;
    }

    /// <summary>As <see cref="IsBroken(TimeSpan, long)"/>, of what may not be owed now: then the time begins anew.</summary>
    public bool IsBroken(TimeSpan now, long total, bool isOwed)
    {
        if (isOwed && _isOwed)
        {
            return IsBroken(now, total);
        }

        _isOwed = isOwed;
        Begin(now, total);
        return false;
    }

    /// <summary>Bytes per second since the beginning.</summary>
    public readonly double Measured(TimeSpan now) => (_seen - _first) / (now - _began).TotalSeconds;
}
