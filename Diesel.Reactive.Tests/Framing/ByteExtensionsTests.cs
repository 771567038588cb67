using System.Text;

namespace Diesel.Reactive.Tests;

public class ByteExtensionsTests
{
    [TestCase("az{`AZé09\r\n", "AZ{`AZé09\r\n")]
    [TestCase("", "")]
    public void ToUpper_changes_ascii_letters_only(string text, string upper) =>
        Assert.That(text.ToBytes().ToUpper().ToText(), Is.EqualTo(upper));

    [Test]
    public void ToUpper_leaves_every_byte_above_ascii() =>
        Assert.That(
            "é".ToBytes(Encoding.Latin1).ToUpper().ToArray(), Is.EqualTo("é".ToBytes(Encoding.Latin1).ToArray()));

    [Test]
    public void ToUpper_leaves_its_argument_alone()
    {
        var bytes = "abc".ToBytes();
        bytes.ToUpper();
        Assert.That(bytes.ToText(), Is.EqualTo("abc"));
    }

    [TestCase("a\r\n", "a")]
    [TestCase("a\n", "a")]
    [TestCase("a\r", "a\r")]
    [TestCase("a\r\n\r\n", "a\r\n")]
    [TestCase("\n", "")]
    [TestCase("", "")]
    public void TrimEol_leaves_out_one_line_end(string line, string trimmed) =>
        Assert.That(line.ToBytes().TrimEol().ToText(), Is.EqualTo(trimmed));

    [Test]
    public void Text_takes_another_encoding_both_ways() =>
        Assert.That("é".ToBytes(Encoding.Latin1).ToText(Encoding.Latin1), Is.EqualTo("é"));
}
