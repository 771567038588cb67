using System.Text;
using Diesel.Reactive.Protocols.Http;

namespace Diesel.Reactive.Tests;

/// <summary>Text is looked at as it comes.</summary>
public class Utf8ScanTests
{
    [Test]
    public void Text_is_checked_however_it_is_cut()
    {
        var text = "Hello-\u00b5@\u00df\u00f6\u00e4-\u03ba\u1f79\u03c3\u03bc\u03b5 \U00010348!";
        var bytes = Encoding.UTF8.GetBytes(text);
        for (var first = 0; first <= bytes.Length; first++)
        {
            for (var second = first; second <= bytes.Length; second++)
            {
                var scan = new Utf8Scan();
                Assert.That(scan.TryAdd(bytes.AsSpan(0, first)) && scan.TryAdd(bytes.AsSpan(first, second - first)) && scan.TryAdd(bytes.AsSpan(second)) && scan.IsWhole, Is.True);
            }
        }
    }

    [TestCase("f48fbfbf", true)]
    [TestCase("f4908080", false)]
    [TestCase("c080", false)]
    [TestCase("e08080", false)]
    [TestCase("eda080", false)]
    [TestCase("edbfbf", false)]
    [TestCase("80", false)]
    [TestCase("f8888080", false)]
    [TestCase("efbfbf", true)]
    public void What_is_no_text_is_seen_at_the_byte_that_makes_it_so(string hex, bool isText)
    {
        var bytes = Convert.FromHexString(hex);
        var (scan, whole) = (new Utf8Scan(), true);
        Array.ForEach(bytes, each => whole &= scan.TryAdd([each]));
        Assert.That((whole, new Utf8Scan().TryAdd(bytes)), Is.EqualTo((isText, isText)));
    }
}
