using System.Text;
using Diesel.Reactive.AspNetCore;

namespace Diesel.Reactive.Tests;

/// <summary>Strings that the next request has again, when it says the same.</summary>
public class KnownValuesTests
{
    private KnownValues _values;

    [SetUp]
    public void Begin() => _values = default;

    [Test]
    public void What_is_said_again_is_the_same_string()
    {
        var first = Of("Host", "a");
        Assert.That(Of("Host", "a"), Is.SameAs(first));
    }

    [TestCase("a", "b")]
    [TestCase("a", "A")]
    [TestCase("a", "ab")]
    [TestCase("ab", "a")]
    [TestCase("a", "")]
    [TestCase("é", "è")]
    public void What_is_said_otherwise_is_another(string first, string second) =>
        Assert.That((Of("Host", first), Of("Host", second), Of("Host", first)), Is.EqualTo((first, second, first)));

    [Test]
    public void A_value_belongs_to_its_field() => Assert.That((Of("A", "1"), Of("B", "2"), Of("A", "1"), Of("B", "2")), Is.EqualTo(("1", "2", "1", "2")));

    [Test]
    public void Of_more_fields_than_it_keeps_each_has_its_value()
    {
        var names = Enumerable.Range(0, 40).Select(static n => $"X-{n}").ToArray();
        Assert.That(names.Concat(names).Select(name => Of(name, name)), Is.EqualTo(names.Concat(names)));
    }

    [Test]
    public void A_long_value_is_not_kept()
    {
        var value = new string('a', 1000);
        var first = Of("Cookie", value);
        Assert.That(Of("Cookie", value), Is.EqualTo(value).And.Not.SameAs(first));
    }

    private string Of(string name, string value) => _values.Of(name, Encoding.UTF8.GetBytes(value));
}
