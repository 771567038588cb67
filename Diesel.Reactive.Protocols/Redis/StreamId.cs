using System.Globalization;

namespace Diesel.Reactive.Protocols.Redis;

/// <summary>Where an entry stands in a stream.</summary>
/// <param name="Time">Milliseconds since 1970, mostly.</param>
/// <param name="Number">Tells apart what has the same time.</param>
public readonly record struct StreamId(ulong Time, ulong Number = 0)
{
    /// <summary>Before all entries.</summary>
    public static StreamId Zero => default;

    /// <summary>Behind all entries.</summary>
    public static StreamId Max => new(ulong.MaxValue, ulong.MaxValue);

    /// <summary>When the entry was added, if the server made its id.</summary>
    /// <exception cref="ArgumentOutOfRangeException">It is no time.</exception>
    public DateTimeOffset Moment => DateTimeOffset.FromUnixTimeMilliseconds(checked((long)Math.Min(Time, long.MaxValue)));

    /// <summary>An id as the server writes it.</summary>
    /// <param name="id">Any.</param>
    public static implicit operator Bytes(StreamId id) => id.ToString();

    /// <summary>Reads an id.</summary>
    /// <param name="text">Two numbers with a hyphen between them, or one.</param>
    /// <returns>The id.</returns>
    /// <exception cref="FormatException">It is none.</exception>
    public static StreamId Parse(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        var parts = text.Split('-');
        return parts.Length <= 2 && TryParse(parts[0], out var time) && TryParse(parts.ElementAtOrDefault(1) ?? "0", out var number)
            ? new(time, number)
            : throw new FormatException($"'{text}' is no id of a stream's entry: two numbers with a hyphen between them.");
    }

    /// <summary>The two numbers with a hyphen between them.</summary>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Time}-{Number}");

    internal static StreamId Read(RespValue value)
    {
        try
        {
            return Parse(value.ToText());
        }
        catch (FormatException wrong)
        {
            throw new ProtocolException(wrong.Message);
        }
    }

    private static bool TryParse(string text, out ulong number) => ulong.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out number);
}
