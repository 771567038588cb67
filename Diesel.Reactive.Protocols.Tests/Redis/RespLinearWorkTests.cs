using System.Diagnostics;
using System.Text;
using Diesel.Reactive.Protocols.Redis;

namespace Diesel.Reactive.Tests;

/// <summary>What has been read is not looked at again, however the bytes come: what was seen is overwritten with what would be refused.</summary>
public class RespLinearWorkTests
{
    private static readonly byte[] Poison = [0xff];
    private static readonly RespFraming Framing = new();

    // Lines are kept whole: a number is read when its line has come.
    [TestCase("*3\r\n:1234567\r\n%1\r\n:1\r\n:2\r\n#t\r\n", 12)]
    [TestCase("|1\r\n:1\r\n*1\r\n*1\r\n:1\r\n+x\r\n", 5)]
    [TestCase("$12\r\nhello\r\nworld\r\n", 7)]
    public void A_value_is_read_once(string wire, int keep) =>
        Assert.That(Framing.FoundAfter(Encoding.ASCII.GetBytes(wire), Poison, keep), Is.EqualTo(wire.Length));

    [TestCase("$1000", 0)]
    [TestCase("$1000\r\n", 1002)]
    [TestCase("*2\r\n$10\r\nabc", 9)]
    [TestCase("*2\r\n$1\r\na\r\n", 0)]
    [TestCase("$3\r\nabc\r", 1)]
    public void What_a_text_still_needs_is_known(string wire, int missing)
    {
        var decoder = Framing.CreateDecoder();
        Assert.That(decoder.TryDecode(Encoding.ASCII.GetBytes(wire), out _, out _), Is.False);
        Assert.That(decoder.Missing(wire.Length), Is.EqualTo(missing));
    }

    [Test]
    public void A_line_is_scanned_once()
    {
        var line = $"+{new string('x', 5000)}\r\n";
        Assert.That(Framing.FoundAfter(Encoding.ASCII.GetBytes(line), "\r\n"u8.ToArray(), keep: 1), Is.EqualTo(line.Length));
    }

    [Test]
    public void An_array_of_integers_is_read_once_byte_by_byte()
    {
        const int Count = 1_000_000;
        var wire = Encoding.ASCII.GetBytes($"*{Count}\r\n{string.Concat(Enumerable.Range(1_000_000, Count).Select(number => $":{number}\r\n"))}");
        var (decoder, seen, value) = (Framing.CreateDecoder(), new byte[wire.Length], default(RespValue));
        for (var length = 1; length <= wire.Length; length++)
        {
            seen[length - 1] = wire[length - 1];
            if (length > 12)
            {
                seen[length - 13] = 0xff;
            }

            if (decoder.TryDecode(seen.AsMemory(0, length), out value, out _) != (length == wire.Length))
            {
                Assert.Fail($"It was there after {length} bytes.");
            }
        }

        Assert.That((value.Items.Length, value.Items.Sum(item => item.ToInt64())), Is.EqualTo((Count, Enumerable.Range(1_000_000, Count).Sum(number => (long)number))));
    }

    [Test]
    public void Byte_by_byte_costs_little_more_than_at_once()
    {
        const int Count = 1024 * 1024;
        var wire = Encoding.ASCII.GetBytes($"*{Count}\r\n{string.Concat(Enumerable.Range(1_000_000, Count).Select(number => $":{number}\r\n"))}");
        var (whole, bytes) = (TimeSpan.MaxValue, TimeSpan.MaxValue);

        // The best of several: others may have the core meanwhile.
        for (var round = 0; round < 5; round++)
        {
            whole = Least(whole, () => Framing.CreateDecoder().TryDecode(wire, out _, out _));
            bytes = Least(bytes, () =>
            {
                var (decoder, isWhole) = (Framing.CreateDecoder(), false);
                for (var length = 1; length <= wire.Length; length++)
                {
                    isWhole = decoder.TryDecode(wire.AsMemory(0, length), out _, out _);
                }

                return isWhole;
            });
        }

        TestContext.Out.WriteLine($"{wire.Length} bytes: {whole.TotalMilliseconds:0} ms at once, {bytes.TotalMilliseconds:0} ms byte by byte, × {bytes / whole:0.0}");
        Assert.That(bytes / whole, Is.LessThan(20));

        static TimeSpan Least(TimeSpan before, Func<bool> decodes)
        {
            var clock = Stopwatch.StartNew();
            Assert.That(decodes(), Is.True);
            return clock.Elapsed < before ? clock.Elapsed : before;
        }
    }

    [Test]
    public void Attributes_behind_attributes_cost_no_more_than_others()
    {
        var wire = Encoding.ASCII.GetBytes($"{string.Concat(Enumerable.Repeat("|1\r\n:1\r\n:2\r\n", 5000))}+x\r\n");
        var before = GC.GetAllocatedBytesForCurrentThread();
        Assert.That(Framing.CreateDecoder().TryDecode(wire, out var value, out _), Is.True);
        Assert.That((GC.GetAllocatedBytesForCurrentThread() - before) / wire.Length, Is.LessThan(50));
        Assert.That(value.Attributes, Has.Length.EqualTo(10_000));
    }

    [Test]
    public void Memory_for_an_array_grows_with_what_has_come()
    {
        var wire = Encoding.ASCII.GetBytes($"*100000\r\n{string.Concat(Enumerable.Repeat(":1\r\n", 100_000))}");
        var (decoder, most) = (Framing.CreateDecoder(), 0.0);
        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var length = 1000; length < wire.Length; length += 1000)
        {
            decoder.TryDecode(wire.AsMemory(0, length), out _, out _);
            most = Math.Max(most, (double)(GC.GetAllocatedBytesForCurrentThread() - before) / length);
        }

        // 24 bytes for each value of four, in arrays that double.
        Assert.That(most, Is.LessThan(30));
    }
}
