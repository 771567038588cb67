using System.Globalization;

namespace Diesel.Reactive.Protocols.Redis;

/// <summary>A place among the items of a <see cref="RedisFanout{T}"/>: behind one of them. To be stored, and read again with <see cref="Parse"/>.</summary>
/// <param name="Number">The item's, from 1; 0: before the first of all; -1: only the id is known.</param>
/// <param name="Id">The item's at the server: its time in milliseconds, and a number.</param>
public readonly record struct FanoutPosition(long Number, StreamId Id)
{
    /// <summary>Before all items that are kept.</summary>
    public static FanoutPosition Start => new(-1, default);

    /// <summary>Behind all items that were published before a time, by the server's clock.</summary>
    /// <param name="time">When.</param>
    /// <returns>The place: what was forgotten since then is not told.</returns>
    public static FanoutPosition At(DateTimeOffset time) => new(-1, new StreamId((ulong)Math.Max(0, time.ToUnixTimeMilliseconds() - 1), ulong.MaxValue));

    /// <summary>Reads what <see cref="ToString"/> gave.</summary>
    /// <param name="text">A number, @ and an id.</param>
    /// <returns>The place.</returns>
    /// <exception cref="FormatException">It is none.</exception>
    public static FanoutPosition Parse(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        var at = text.IndexOf('@', StringComparison.Ordinal);
        return at > 0 && long.TryParse(text.AsSpan(0, at), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number)
            ? new(number, StreamId.Parse(text[(at + 1)..]))
            : throw new FormatException($"'{text}' is no place among the items of a fan-out: those are 7@1700000000000-0.");
    }

    /// <summary>Whether it comes later than another.</summary>
    internal bool IsBehind(FanoutPosition other) => (Id.Time, Id.Number).CompareTo((other.Id.Time, other.Id.Number)) > 0;

    /// <summary>As text: <c>7@1700000000000-0</c>.</summary>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Number}@{Id}");
}
