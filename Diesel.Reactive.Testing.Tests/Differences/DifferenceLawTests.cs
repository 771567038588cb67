using Diesel.Reactive.Testing;
using FsCheck.NUnit;
using PropertyAttribute = FsCheck.NUnit.PropertyAttribute;

namespace Diesel.Reactive.Tests;

[Properties(Arbitrary = [typeof(Recordings)], MaxTest = 500, QuietOnSuccess = true)]
public class DifferenceLawTests
{
    [Property]
    public void A_recording_never_differs_from_itself(Recording<string?> told) => Assert.That(Compare(told, told), Is.Null);

    [Property]
    public void Others_always_differ(Recording<string?> one, Recording<string?> other) => Assert.That(Compare(one, other) is null, Is.EqualTo(one.Equals(other)));

    [Property]
    public void Numbers_differ_as_well(Recording<int> one, Recording<int> other) => Assert.That(Compare(one, other) is null, Is.EqualTo(one.Equals(other)));

    [Property]
    public void Every_row_in_full_is_read_as_it_was_drawn(Recording<string?> one, Recording<string?> other)
    {
        if (Compare(one, other) is not { } report) return;
        Assert.That(Events(Row(report.FullText, "expected")), Is.EqualTo(Events(report.Expected[0].Diagram)));
        Assert.That(Events(Row(report.FullText, "actual")), Is.EqualTo(Events(report.Actual[0].Diagram)));
    }

    [Property]
    public void Every_row_around_the_first_difference_is_a_part_of_the_whole(Recording<string?> one, Recording<string?> other)
    {
        if (Compare(one, other) is not { } report) return;
        Assert.That(Events(Row(report.Text, "expected")), Is.SubsetOf(Events(report.Expected[0].Diagram)));
        Assert.That(Events(Row(report.Text, "actual")), Is.SubsetOf(Events(report.Actual[0].Diagram)));
    }

    [Property]
    public void The_values_of_the_actual_row_are_those_that_were_told(Recording<byte[]> one, Recording<byte[]> other) =>
        Assert.That(Compare(one, other)?.Actual[0].Diagram.Events.Select(happening => happening.Time) ?? other.Select(told => told.Time), Is.EqualTo(other.Select(told => told.Time)));

    private static MarbleReport? Compare<T>(Recording<T> expected, Recording<T> actual)
    {
        var printed = MarblePrinter.Print(expected);
        return Compared.Compare(printed.Marbles, actual, new MarbleValues<T>([.. printed.Values], printed.Error));
    }

    private static MarbleDiagram Row(string text, string label)
    {
        var row = text.ReplaceLineEndings("\n").Split('\n').First(line => line.StartsWith("  " + label, StringComparison.Ordinal));
        return MarbleDiagram.Parse(row[("  " + label).Length..]);
    }

    private static List<MarbleEvent> Events(MarbleDiagram diagram) =>
        [.. diagram.Events.Where(happening => happening.Kind != MarbleKind.Subscribed).Select(happening => happening with { Column = -1 })];
}
