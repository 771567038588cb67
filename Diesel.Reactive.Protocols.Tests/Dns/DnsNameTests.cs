using Diesel.Reactive.Protocols.Dns;

namespace Diesel.Reactive.Tests;

public class DnsNameTests
{
    private static readonly string Label63 = new('a', 63);

    private static readonly string Longest = $"{Label63}.{Label63}.{Label63}.{new string('b', 61)}";

    [TestCase("example.com", "example.com.")]
    [TestCase("example.com.", "example.com.")]
    [TestCase(".", ".")]
    [TestCase("Mixed.Case", "Mixed.Case.")]
    [TestCase(@"a\.b.c", @"a\.b.c.")]
    [TestCase(@"a\046b.c", @"a\.b.c.")]
    [TestCase(@"\000\255.x", @"\000\255.x.")]
    [TestCase(@"sp\ ace", @"sp\032ace.")]
    [TestCase("_sip._tcp.example", "_sip._tcp.example.")]
    [TestCase("bücher.example", "xn--bcher-kva.example.")]
    [TestCase(@"a\\b", @"a\\b.")]
    [TestCase(@"\@.x\;", @"\@.x\;.")]
    public void Is_read_and_printed(string text, string printed)
    {
        var name = DnsName.Parse(text);
        Assert.That((name.ToString(), DnsName.Parse(printed) == name), Is.EqualTo((printed, true)));
    }

    [TestCase("")]
    [TestCase("..")]
    [TestCase(".a")]
    [TestCase("a..b")]
    [TestCase(@"a\")]
    [TestCase(@"a\25")]
    [TestCase(@"a\256")]
    public void Is_refused_when_it_is_none(string text) => Assert.That(() => DnsName.Parse(text), Throws.InstanceOf<FormatException>());

    [Test]
    public void Is_as_long_as_it_may_be() => Assert.Multiple(() =>
    {
        Assert.That(DnsName.Parse(Longest).Wire.Length, Is.EqualTo(255));
        Assert.That(DnsName.TryParse(Longest + "b", out _), Is.False);
        Assert.That(DnsName.TryParse(Label63 + "a", out _), Is.False);
    });

    [TestCase("a.example", "A.EXAMPLE", true)]
    [TestCase("a.example", "b.example", false)]
    [TestCase("a.example", "a.example.com", false)]
    [TestCase(@"\195\164", @"\195\132", false)]
    public void Letters_are_the_same_in_both_cases_and_nothing_else_is(string one, string other, bool same)
    {
        var (left, right) = (DnsName.Parse(one), DnsName.Parse(other));
        Assert.That((left == right, !same || left.GetHashCode() == right.GetHashCode()), Is.EqualTo((same, true)));
    }

    [TestCase("a.b.example", "b.EXAMPLE", true)]
    [TestCase("b.example", "b.example", true)]
    [TestCase("ab.example", "b.example", false)]
    [TestCase("example", "b.example", false)]
    [TestCase("anything", ".", true)]
    public void Lies_within_another(string name, string ancestor, bool within) => Assert.That(DnsName.Parse(name).IsWithin(ancestor), Is.EqualTo(within));

    [Test]
    public void Order_is_that_of_RFC_4034()
    {
        string[] sorted = ["example", "a.example", "yljkjljk.a.example", "Z.a.example", "zABC.a.EXAMPLE", "z.example", @"\001.z.example", "*.z.example", @"\200.z.example"];
        Assert.That(sorted.Reverse().Select(DnsName.Parse).Order(), Is.EqualTo(sorted.Select(DnsName.Parse)));
    }

    [Test]
    public void People_see_their_letters() => Assert.That(DnsName.Parse("xn--bcher-kva.example").ToUnicode(), Is.EqualTo("bücher.example"));

    [Test]
    public void Has_labels_and_a_parent()
    {
        var name = DnsName.Parse("a.b.c");
        Assert.That((name.LabelCount, name.Parent.ToString(), DnsName.Root.LabelCount, DnsName.Root.Parent == DnsName.Root), Is.EqualTo((3, "b.c.", 0, true)));
    }
}
