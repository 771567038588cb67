using System.Reactive;
using Diesel.Reactive.Testing;
using FsCheck;
using FsCheck.Fluent;

namespace Diesel.Reactive.Tests;

/// <summary>Draws recordings of every kind of value, at times that lie anywhere.</summary>
public static class Recordings
{
    private static readonly string[] Texts =
    [
        "", "a", "b", "5", "1", "0", ".", "m", "s", "u", "h", "M", "n", "µ", "x", " ", "  ", "é", "e\u0301", "\u0301", "\u0301a", "'", "\\", "\"", "\n", "\r\n", "\t", "\0",
        "\x1b[1m", "\u0085", "\u00c3\u0083", "\u00a0", "\u200b", "\u200d", "\u202e", "\u2028", "\ud800", "\udc00", "\ufeff", "😀", "👩‍💻", "🇩", "🇩🇪", "क्", "त", "가", "ᄀ", "ᅡ", "ᆨ",
        "\u0600", "5\ufe0f\u20e3", "-", "|", "#", "^", "!", "(", "[", "{", "}", "<", ">", "<0d>", "'a'", "ab", "10ms", "5s", " 5ms ", "漢", "null",
    ];

    private static readonly byte[][] Chunks =
        [[], [0x61], "GET /\r\n"u8.ToArray(), [0x0d, 0x0a], [0], [0xff], new byte[4096], [.. Enumerable.Repeat((byte)'x', 20)], [0xc3, 0xa9], "it's"u8.ToArray(), [0x35], "m"u8.ToArray(), "s"u8.ToArray(), [0x2d]];

    private static readonly long[] Steps =
        [0, 0, 0, 1, 2_000, 9_999, 10_000, 10_000, 10_000, 10_000, 10_001, 20_000, 123_456, 130_000, 140_000, 5_030_000, 600_000_000, 36_000_000_000, 864_000_000_000_123];

    private static readonly long[] Starts = [0, 0, 0, 1, 5_000, 20_000, -1, -5_000, -10_000, -10_001, -20_000, -5_030_000, -864_000_000_000_123];

    public static Arbitrary<Recording<string?>> OfTexts() => Of(Gen.OneOf(Gen.Elements<string?>(Texts), Gen.Elements<string?>(Texts), Gen.Elements<string?>(null, "a", "b"),
        ArbMap.Default.GeneratorFor<string?>()));

    public static Arbitrary<Recording<byte[]>> OfArrays() => Of(Gen.OneOf(Gen.Elements(Chunks), ArbMap.Default.GeneratorFor<byte[]>()));

    public static Arbitrary<Recording<ReadOnlyMemory<byte>>> OfBytes() => Of(Gen.Elements(Chunks).Select(chunk => new ReadOnlyMemory<byte>(chunk)));

    public static Arbitrary<Recording<int>> OfNumbers() => Of(Gen.OneOf(Gen.Choose(0, 9), Gen.Choose(-1000, 1000)));

    public static Arbitrary<Recording<int?>> OfSomeNumbers() => Of(Gen.OneOf(Gen.Choose(0, 9).Select(n => (int?)n), Gen.Constant((int?)null)));

    public static Arbitrary<Recording<double>> OfFractions() => Of(Gen.Elements(0, -0.0, 5, 5.5, double.NaN, double.MaxValue, double.NegativeInfinity));

    public static Arbitrary<Recording<char>> OfCharacters() => Of(ArbMap.Default.GeneratorFor<char>());

    public static Arbitrary<Recording<DayOfWeek>> OfDays() => Of(ArbMap.Default.GeneratorFor<DayOfWeek>());

    private static Arbitrary<Recording<T>> Of<T>(Gen<T> values)
    {
        var steps = from value in values
                    from step in Gen.Elements(Steps)
                    select (Step: step, Told: Notification.CreateOnNext(value));
        var ends = Gen.Elements<Notification<T>?>(
            null, Notification.CreateOnCompleted<T>(), Notification.CreateOnError<T>(new TimeoutException("late")), Notification.CreateOnError<T>(new MarbleException()));
        return (from start in Gen.Elements(Starts)
                from told in steps.ListOf()
                from end in ends
                from step in Gen.Elements(Steps)
                select At(start, end is null ? told : [.. told, (step, end)])).ToArbitrary();
    }

    private static Recording<T> At<T>(long start, IReadOnlyList<(long Step, Notification<T> Told)> told)
    {
        var at = start;
        return new([.. told.Select((each, i) => new RecordedNotification<T>(new(at += i == 0 ? 0 : each.Step), each.Told))]);
    }
}
