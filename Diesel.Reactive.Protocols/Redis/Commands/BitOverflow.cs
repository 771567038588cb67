namespace Diesel.Reactive.Protocols.Redis;

/// <summary>What becomes of a number that does not fit its bits.</summary>
public enum BitOverflow
{
    /// <summary>The upper bits are lost.</summary>
    Wrap,

    /// <summary>It becomes the greatest, or the least, that fits.</summary>
    Sat,

    /// <summary>Nothing is changed, and the result is null.</summary>
    Fail,
}
