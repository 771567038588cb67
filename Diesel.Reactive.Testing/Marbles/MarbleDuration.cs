using System.Globalization;

namespace Diesel.Reactive.Testing;

/// <summary>Durations: a number and its unit, <c>1.5ms</c>, standing alone.</summary>
internal sealed class MarbleDuration(MarbleCursor cursor)
{
    private const int LongestNumber = 20;

    private static readonly (string Name, long Ticks)[] Units =
    [
        ("us", TimeSpan.TicksPerMicrosecond), ("ms", TimeSpan.TicksPerMillisecond),
        ("s", TimeSpan.TicksPerSecond), ("m", TimeSpan.TicksPerMinute), ("h", TimeSpan.TicksPerHour),
    ];

    // Written often, and understood as nothing but a unit.
    private static readonly string[] NoUnits = ["ns", "\u00b5s", "\u03bcs"];

    private int _endOfNames;

    /// <summary>Reads a duration; false when here begins none.</summary>
    public bool TryRead(out long ticks)
    {
        ticks = 0;
        // The digits of a number without a unit are so many names, and are not looked at again.
        if (cursor.At < _endOfNames || !char.IsAsciiDigit(cursor.Current)) return false;
        var (begin, end) = (cursor.At, EndOfNumber(cursor.At));
        if (NoUnits.FirstOrDefault(no => StandsAt(end, no)) is { } no)
            throw cursor.Error(end, $"There is no unit '{no}': write us, ms, s, m or h. The shortest time is 0.1us.");
        if (Units.FirstOrDefault(unit => StandsAt(end, unit.Name)) is not { Name: { } unit } found)
        {
            RefuseSpaceBeforeUnit(begin, end);
            _endOfNames = end;
            return false;
        }

        if (end - begin > LongestNumber)
            throw cursor.Error(begin, $"The number has more than {LongestNumber} characters: write a shorter one.");
        cursor.At = end + unit.Length;
        RefuseNeighbours(begin, end, unit);
        ticks = Ticks(begin, end, found.Ticks);
        return true;
    }

    private int EndOfNumber(int begin)
    {
        var whole = EndOfDigits(begin);
        return whole + 1 < cursor.Text.Length && cursor.Text[whole] == '.' && char.IsAsciiDigit(cursor.Text[whole + 1])
            ? EndOfDigits(whole + 1) : whole;
    }

    private int EndOfDigits(int at)
    {
        while (at < cursor.Text.Length && char.IsAsciiDigit(cursor.Text[at])) at++;
        return at;
    }

    private bool StandsAt(int at, string unit) =>
        string.Compare(cursor.Text, at, unit, 0, unit.Length, StringComparison.OrdinalIgnoreCase) == 0;

    private bool IsBoundary(int at) =>
        at == cursor.Text.Length || char.IsWhiteSpace(cursor.Text[at]) || MarbleName.Reserved.Contains(cursor.Text[at]);

    private void RefuseNeighbours(int begin, int end, string unit)
    {
        var (number, text) = (cursor.Text[begin..end], cursor.Text[begin..cursor.At]);
        if (begin > 0 && cursor.Text[begin - 1] == '.')
            throw cursor.Error(begin - 1, $"A number begins with a digit: write ' 0.{text} '.");
        if ((begin > 0 && !char.IsWhiteSpace(cursor.Text[begin - 1])) || !IsBoundary(cursor.At))
            throw cursor.Error(begin, $"'{text}' touches its neighbour: write ' {text} ' for a duration, "
                + $"or '{string.Join(' ', text.ToCharArray())}' for {text.Length} values.");
        if (!text.EndsWith(unit, StringComparison.Ordinal))
            throw cursor.Error(end, $"Units are in small letters: write ' {number}{unit} '.");
    }

    private void RefuseSpaceBeforeUnit(int begin, int end)
    {
        var at = end;
        while (at < cursor.Text.Length && cursor.Text[at] == ' ') at++;
        if (at == end || (begin > 0 && !char.IsWhiteSpace(cursor.Text[begin - 1])) || !IsBoundary(Math.Min(at + 2, cursor.Text.Length)))
            return;
        if (Units.FirstOrDefault(unit => unit.Name.Length == 2 && StandsAt(at, unit.Name)) is { Name: { } unit })
            throw cursor.Error(end, $"A duration has no space inside: write ' {cursor.Text[begin..end]}{unit} '.");
    }

    private long Ticks(int begin, int end, long ticksPerUnit)
    {
        var number = cursor.Text.AsSpan(begin, end - begin);
        var count = decimal.Parse(number, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture);
        if (count > TimeSpan.MaxValue.Ticks / ticksPerUnit)
            throw cursor.Error(begin, "The duration is longer than a TimeSpan can be.");
        var ticks = count * ticksPerUnit;
        return ticks == decimal.Truncate(ticks) ? (long)ticks
            : throw cursor.Error(begin, "The duration is no whole number of ticks of 0.1us: write fewer decimals.");
    }
}
