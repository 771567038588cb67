using Diesel.Reactive.Testing;

namespace Diesel.Reactive.Tests;

public class MarbleSpellingTests
{
    [TestCase("'GET /'", "GET /", "474554202f")]
    [TestCase("''", "", "")]
    [TestCase(@"'\n\r\t\0\'\\'", "\n\r\t\0'\\", "0a0d0900275c")]
    [TestCase(@"'\xff'", "\u00ff", "ff")]
    [TestCase("'\u00ff'", "\u00ff", "c3bf")]
    [TestCase(@"'é\x80👍\x00'", "é\u0080👍\0", "c3a980f09f918d00", TestName = "Has_a_text_and_bytes(Every kind of escape)")] // A filter would miss the name NUnit gives it.
    [TestCase(@"'\x0a1'", "\n1", "0a31")]
    [TestCase(@"'\u200b'", "\u200b", "e2808b")]
    [TestCase("'-|#(<'", "-|#(<", "2d7c23283c")]
    [TestCase("é", "é", "c3a9")]
    [TestCase("<0d0a>", "0d0a", "0d0a")]
    [TestCase("< 0D 0a\n >", "0d0a", "0d0a")]
    [TestCase("<>", "", "")]
    [TestCase("<00*3>", "000000", "000000")]
    [TestCase("<0d 0a*2>", "0d0a0d0a", "0d0a0d0a")]
    public void Has_a_text_and_bytes(string marbles, string text, string hex)
    {
        var spelling = MarbleDiagram.Parse(marbles).Events.Single().Spelling!;
        Assert.That((spelling.Text, Convert.ToHexStringLower(spelling.Bytes.Span)), Is.EqualTo((text, hex)));
    }

    [Test]
    public void Repeats_bytes_up_to_a_bound() =>
        Assert.That(MarbleDiagram.Parse("<00*16777215><ff>").Events.Sum(e => e.Spelling!.Bytes.Length), Is.EqualTo(16 * 1024 * 1024));
}
