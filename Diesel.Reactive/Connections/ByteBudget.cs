namespace Diesel.Reactive;

/// <summary>Bytes that several connections hold together.</summary>
/// <param name="limit">How many there may be.</param>
/// <param name="exceeded">Told once when there are more, until <see cref="Relieved"/>.</param>
internal sealed class ByteBudget(long limit, Action exceeded)
{
    private bool _told;

    public long Limit => limit;

    public long Used { get; private set; }

    public bool IsExceeded => Used > limit;

    public void Change(long by)
    {
        Used += by;
        if (by > 0 && IsExceeded && !_told)
        {
            _told = true;
            exceeded();
        }
    }

    /// <summary>Something was done about it.</summary>
    public void Relieved() => _told = false;
}
