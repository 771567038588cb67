using System.Text;
using Diesel.Reactive.Protocols;

namespace Diesel.Reactive.Tests;

public class BytesTests
{
    private static readonly (Bytes Bytes, string Text)[] Conversions =
    [
        ("é€", "é€"), ("", ""), (new byte[] { 104, 105 }, "hi"), ("hi"u8.ToArray().AsReadOnly(), "hi"), ('é', "é"), ('7', "7"),
        (42, "42"), (-1, "-1"), (uint.MaxValue, "4294967295"), (long.MinValue, "-9223372036854775808"), (ulong.MaxValue, "18446744073709551615"),
        (0.1f, "0.1"), (0.1, "0.1"), (1e300, "1E+300"), (double.NegativeInfinity, "-Infinity"), (1.50m, "1.50"), (decimal.MinValue, "-79228162514264337593543950335"),
    ];

    [TestCaseSource(nameof(Conversions))]
    public void Are_made_of_texts_and_numbers((Bytes Bytes, string Text) conversion) =>
        Assert.That((conversion.Bytes.ToText(), $"{conversion.Bytes}"), Is.EqualTo((conversion.Text, conversion.Text)));

    [Test]
    public void Are_equal_by_content()
    {
        Bytes one = "key", same = "key"u8.ToArray(), other = "kez";
        Assert.Multiple(() =>
        {
            Assert.That((one == same, one.GetHashCode() == same.GetHashCode(), one.Equals((object)same)), Is.EqualTo((true, true, true)));
            Assert.That((one != other, one.Equals(other), one.Equals("key"u8.ToArray())), Is.EqualTo((true, false, true)));
        });
    }

    [Test]
    public void That_are_missing_are_compared_with_text()
    {
        Bytes? missing = null, there = "x";
        Assert.That((missing == "x", there == "x"), Is.EqualTo((false, true)));
    }

    [Test]
    public void Are_in_order_byte_by_byte() =>
        Assert.That(new Bytes[] { "b", "é", "a", "ab" }.Order().Select(bytes => bytes.ToText()), Is.EqualTo(new[] { "a", "ab", "b", "é" }));

    [Test]
    public void Are_read_as_what_they_say()
    {
        Bytes number = "-12", fraction = "1.5e3", latin = new byte[] { 0xe9 };
        Assert.That((number.ToInt64(), fraction.ToDouble(), latin.ToText(Encoding.Latin1)), Is.EqualTo((-12L, 1500.0, "é")));
    }

    [TestCase("")]
    [TestCase("1.5")]
    [TestCase(" 1")]
    public void That_are_no_number_are_not_read_as_one(string text) => Assert.That(() => ((Bytes)text).ToInt64(), Throws.InstanceOf<FormatException>());

    [Test]
    public void Are_not_made_of_null() =>
        Assert.That(() => (Bytes)(string)null!, Throws.ArgumentNullException);
}
