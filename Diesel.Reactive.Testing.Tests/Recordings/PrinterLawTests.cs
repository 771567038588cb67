using Diesel.Reactive.Testing;
using FsCheck.NUnit;
using PropertyAttribute = FsCheck.NUnit.PropertyAttribute;

namespace Diesel.Reactive.Tests;

[Properties(Arbitrary = [typeof(Recordings)], MaxTest = 1000, QuietOnSuccess = true)]
public class PrinterLawTests
{
    [Property]
    public void Texts_are_read_as_they_were_printed(Recording<string?> told) => IsReadAgain(told);

    [Property]
    public void Texts_without_null_are_read_with_no_values_at_all(Recording<string?> told) =>
        Assert.That(MarblePrinter.Print(told).Values.Count, told.Any(one => one.Notification is { HasValue: true, Value: null }) ? Is.EqualTo(1) : Is.Zero);

    [Property]
    public void Arrays_are_read_as_they_were_printed(Recording<byte[]> told) => IsReadAgain(told);

    [Property]
    public void Bytes_are_read_as_they_were_printed(Recording<ReadOnlyMemory<byte>> told) => IsReadAgain(told);

    [Property]
    public void Numbers_are_read_as_they_were_printed(Recording<int> told) => IsReadAgain(told);

    [Property]
    public void Numbers_and_null_are_read_as_they_were_printed(Recording<int?> told) => IsReadAgain(told);

    [Property]
    public void Fractions_are_read_as_they_were_printed(Recording<double> told) => IsReadAgain(told);

    [Property]
    public void Characters_are_read_as_they_were_printed(Recording<char> told) => IsReadAgain(told);

    [Property]
    public void Other_values_are_read_as_they_were_printed(Recording<DayOfWeek> told) => IsReadAgain(told);

    [Property]
    public void Names_that_a_test_has_are_read_as_they_were_printed(Recording<string?> told)
    {
        var values = new MarbleValues<string?>([("x", "a"), ("5", "b"), ("s", null), ("y", "null")]);
        IsReadAgain(told, MarblePrinter.Print(told, values));
    }

    private static void IsReadAgain<T>(Recording<T> told) => IsReadAgain(told, MarblePrinter.Print(told));

    private static void IsReadAgain<T>(Recording<T> told, PrintedMarbles<T> printed)
    {
        var diagram = MarbleDiagram.Parse(printed.Marbles);
        var again = new MarbleValues<T>([.. printed.Values], printed.Error).Resolve(diagram);
        Assert.That(again.Equals(told), Is.True, printed.Marbles);
    }
}
