using System.Reactive;
using Diesel.Reactive.Testing;

namespace Diesel.Reactive.Tests;

[Parallelizable(ParallelScope.All)]
public class LongDifferenceTests
{
    private const int Many = 1_000_000;
    private const int MostCharacters = 3000;
    private static readonly string Alphabet = string.Concat(Enumerable.Range(0, 10).Select(_ => "abcdefghijklmnopqrstuvwxyz"));

    [Test]
    public void Is_shown_around_the_first() => Assert.That(Compared.Report(Alphabet, Alphabet[..116] + "." + Alphabet[117..]), Is.EqualTo("""
          ms               104 108 112 116 120 124 128
          expected   104ms abcdefghijklmnopqrstuvwxy
          actual     104ms abcdefghijkl.nopqrstuvwxy
                                       ^
          … 470 of the 520 events are not shown; the exception's FullText has them.
          1 of 260 differs, first at 116 ms:
            m     at 116 ms: expected 'm', was '.'
        """));

    [Test]
    public void Is_told_in_full_to_who_asks()
    {
        var report = Compared.Compare(Alphabet, Compared.Told<string>(Alphabet.ToUpperInvariant()), new MarbleValues<string>([]))!;
        Assert.That((report.Text.Contains("… and 248 more"), report.FullText.Contains(Alphabet), report.FullText.Split('\n').Length), Is.EqualTo((true, true, 267)));
    }

    [Test]
    public void A_difference_in_a_million_is_found() => Assert.That(Report(Expect(Many), Tell(Many, i => i == 700_000 ? -1 : i)),
        Does.Contain("1 of 1000000 differs, first at 700000 ms:").And.Contain("'700000'  at 700000 ms").And.Length.LessThan(MostCharacters));

    [Test]
    public void A_million_of_others_is_told_briefly() => Assert.That(Report(Expect(Many), Tell(Many, i => -i - 1)),
        Does.Contain("… and 999988 more").And.Length.LessThan(MostCharacters));

    [Test]
    public void A_million_late_is_told_as_such() => Assert.That(Report(Expect(Many), Tell(Many, i => i, late: 1)),
        Does.Contain("1000000 of 1000000 differ, first at 0 ms, all 1 ms late:"));

    [Test]
    public void A_million_at_one_instant_is_told_briefly() => Assert.That(Report([], Tell(Many, i => i, step: 0)), Has.Length.LessThan(MostCharacters));

    [Test]
    public void A_block_that_is_missing_is_told_as_missing() => Assert.That(
        Report(Expect(10_000), new([.. Tell(10_000, i => i).AsEnumerable().Where((_, i) => i is < 100 or >= 5_000)])), Does.Contain("4900 of 10000 differ").And.Contain("'100'  missing"));

    [Test]
    public void A_value_of_a_megabyte_is_cut_off() => Assert.That(
        Compared.Report("a", Compared.Told<string>($"'{new string('x', Many)}'"), []), Does.Contain("…' (1000000 characters)").And.Length.LessThan(MostCharacters));

    [Test]
    public void Values_that_cannot_tell_what_they_are_told_as_such() => Assert.That(
        Compared.Report("-a", Compared.Told("-b", ("b", new Mute(null))), [("a", new Mute("throw"))]),
        Does.Contain("a=(Mute: ToString threw NotSupportedException)").And.Contain("b=(Mute: ToString gave null)"));

    [Test]
    public void A_predicate_that_throws_matches_nothing()
    {
        var wanted = new ExpectedNotification<string>(TimeSpan.Zero, MarbleKind.Value, MarbleSpelling.Name("x"), told => throw new NotSupportedException(), 0);
        Assert.That(Report([wanted], Compared.Told<string>("a")), Does.Contain("expected what x matches, was 'a'"));
    }

    [Test]
    public void A_long_value_of_a_source_is_left_out() => Assert.That(
        Compared.Report("---b|", "---c|", ("in", $"-'{new string('x', 50)}{new string('y', 70)}'-b|")), Does.Contain("""
              ms         1 3
              in        -…-b|
              expected  ---b|
            """));

    [Test]
    public void Lists_of_one_length_are_not_compared_each_with_each()
    {
        var compared = 0;
        var lists = new Recording<Item[]>([.. Enumerable.Range(0, 1000).Select(i => new RecordedNotification<Item[]>(
            TimeSpan.FromMilliseconds(i), Notification.CreateOnNext<Item[]>([new(i, () => compared++), new(i, () => compared++)])))]);
        Assert.That(MarblePrinter.Print(lists).Values, Has.Count.EqualTo(1000));
        Assert.That(compared, Is.LessThan(10_000));
    }

    [Test]
    public void Of_very_many_sources_some_are_told() => Assert.That(
        Compared.Report("-a", "-b", [.. Enumerable.Range(0, 500).Select(i => ($"hot {i}", "-a"))]),
        Does.Contain("hot 23 ").And.Contain("… 476 of the 500 sources are not shown").And.Not.Contains("hot 24 "));

    private static string Report<T>(List<ExpectedNotification<T>> expected, Recording<T> actual) =>
        new MarbleComparison<T>("many", "", 0, expected, actual, new MarbleValues<T>([]), []).Report()!;

    private static List<ExpectedNotification<int>> Expect(int count) => [.. Enumerable.Range(0, count).Select(i => new ExpectedNotification<int>(
        TimeSpan.FromMilliseconds(i), MarbleKind.Value, MarbleSpelling.Quoted($"{i}"), told => told.HasValue && told.Value == i, 0))];

    private static Recording<int> Tell(int count, Func<int, int> value, int late = 0, int step = 1) => new([.. Enumerable.Range(0, count).Select(i =>
        new RecordedNotification<int>(TimeSpan.FromMilliseconds((i * step) + late), Notification.CreateOnNext(value(i))))]);

    private sealed class Mute(string? text)
    {
        public override string? ToString() => text is null ? null : throw new NotSupportedException();
    }

    private sealed class Item(int number, Action onCompare)
    {
        public override int GetHashCode() => number;

        public override bool Equals(object? obj)
        {
            onCompare();
            return obj is Item other && other.GetHashCode() == number;
        }
    }
}
