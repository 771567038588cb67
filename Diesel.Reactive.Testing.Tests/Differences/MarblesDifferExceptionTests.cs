using Diesel.Reactive.Testing;

namespace Diesel.Reactive.Tests;

public class MarblesDifferExceptionTests
{
    private static readonly MarbleReport One = Compared.Compare("a", Compared.Told<string>("b"), new MarbleValues<string>([]), ("keys", "-"))!;
    private static readonly MarbleReport Other = Compared.Subscriptions(["^"], ["-^"])!;

    [Test]
    public void Says_all_reports() => Assert.That(new MarblesDifferException(One, Other).Message, Is.EqualTo(One.Text + Environment.NewLine + Environment.NewLine + Other.Text));

    [Test]
    public void Has_the_rows_of_each() => Assert.That(
        new MarblesDifferException(One).Reports.Single() is { Context: [{ Label: "keys" }], Expected: [{ Label: "expected" }], Actual: [{ Label: "actual" }] }, Is.True);

    [Test]
    public void Has_the_full_text() => Assert.That(new MarblesDifferException(One).FullText, Is.EqualTo(One.FullText));

    [Test]
    public void Needs_a_report() => Assert.That(() => new MarblesDifferException(), Throws.ArgumentException);
}
