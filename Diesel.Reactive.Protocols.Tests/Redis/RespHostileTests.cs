using System.Text;
using Diesel.Reactive.Protocols.Redis;

namespace Diesel.Reactive.Tests;

/// <summary>What a hostile or broken server sends is refused, with the limit and the server's name, before memory is spent on it.</summary>
public class RespHostileTests
{
    private const int Mebi = 1024 * 1024;

    private static readonly RespFraming Framing = new();

    private static readonly TestCaseData[] Refusals =
    [
        Row("*1000000000\r\n", "MaxItems"),
        Row("*99999999999999999999\r\n", "no count"),
        Row("*2\r\n*1048575\r\n", "MaxItems"),
        Row("%1000000000\r\n", "MaxItems"),
        Row("%524289\r\n", "MaxItems"),
        Row("~1048577\r\n", "MaxItems"),
        Row("|1048577\r\n", "MaxItems"),
        Row(">1048577\r\n", "MaxItems"),
        Row("*-2\r\n", "no count"),
        Row("*?\r\n", "streamed"),
        Row("%x\r\n", "no count"),
        Row("%-1\r\n", "no count"),
        Row(">0\r\n", "name"),
        Row("$-2\r\n", "no length"),
        Row("$99999999999\r\n", "MaxBulk"),
        Row("$536870913\r\n", "MaxBulk"),
        Row("$99999999999999999999\r\n", "no length"),
        Row("$\r\n", "no length"),
        Row("$+1\r\n", "no length"),
        Row("$?\r\n", "streamed"),
        Row("!-1\r\n", "no length"),
        Row("=-1\r\n", "no length"),
        Row("$1\r\nabc\r\n", "CRLF"),
        Row("$1\r\na\rb", "CRLF"),
        Row("=3\r\ntxt\r\n", "verbatim"),
        Row("=4\r\ntxta\r\n", "verbatim"),
        Row(":\r\n", "whole number"),
        Row(":1.5\r\n", "whole number"),
        Row(":9223372036854775808\r\n", "whole number"),
        Row(": 1\r\n", "whole number"),
        Row(",\r\n", "number"),
        Row(",-nan\r\n", "number"),
        Row(",Infinity\r\n", "number"),
        Row(",1,5\r\n", "number"),
        Row("#\r\n", "true"),
        Row("#true\r\n", "true"),
        Row("(\r\n", "whole"),
        Row("(-\r\n", "whole"),
        Row("(1x\r\n", "whole"),
        Row("_x\r\n", "nothing"),
        Row("+a\nb\r\n", "line feed"),
        Row("+a\rb\r\n", "carriage return"),
        Row("HTTP/1.1 200 OK\r\n", "0x48"),
        Row("\x15\x03\x01", "TLS"),
        Row("\0", "0x00"),
        Row(string.Concat(Enumerable.Repeat("*1\r\n", 100_000)), "MaxNesting"),
        Row(string.Concat(Enumerable.Repeat("|1\r\n", 100_000)), "MaxNesting"),
        Row("+" + new string('x', Mebi), "MaxLine"),
        Row("-" + new string('x', Mebi), "MaxLine"),
        Row(":" + new string('1', Mebi), "MaxLine"),
        Row("$" + new string('0', Mebi), "MaxLine"),
        Row("(" + new string('1', Mebi), "MaxLine"),
    ];

    [TestCaseSource(nameof(Refusals))]
    public void Is_refused(string wire, string why) => Assert.That(Framing.Error(wire), Is.InstanceOf<ProtocolException>().With.Message.Contains(why));

    [TestCaseSource(nameof(Refusals))]
    public void Is_refused_byte_by_byte(string wire, string why) =>
        Assert.That(Framing.Feed(Encoding.Latin1.GetBytes(wire).ByteByByte().Take(200_000)).Error, Is.InstanceOf<ProtocolException>().With.Message.Contains(why));

    [TestCaseSource(nameof(Refusals))]
    public void Is_refused_without_memory_for_it(string wire, string why)
    {
        var (bytes, decoder) = (Encoding.Latin1.GetBytes(wire), Framing.CreateDecoder());
        Assert.That(() => decoder.TryDecode(bytes, out _, out _), Throws.InstanceOf<ProtocolException>());
        var before = GC.GetAllocatedBytesForCurrentThread();
        Assert.That(() => decoder.TryDecode(bytes, out _, out _), Throws.InstanceOf<ProtocolException>());
        Assert.That(GC.GetAllocatedBytesForCurrentThread() - before, Is.LessThan(100_000), why);
    }

    [Test]
    public void Attributes_that_are_none_do_not_come_for_ever()
    {
        var wire = string.Concat(Enumerable.Repeat("|0\r\n", 11));
        Assert.That(new RespFraming(new() { MaxItems = 10 }).Error(wire), Is.InstanceOf<ProtocolException>().With.Message.Contains("MaxItems"));
        Assert.That(new RespFraming(new() { MaxItems = 11 }).Decode($"{wire}+x\r\n").ToText(), Is.EqualTo("x"));
    }

    [TestCase("*1048576\r\n")]
    [TestCase("%524288\r\n")]
    [TestCase("*10\r\n*1048000\r\n")]
    [TestCase("$536870912\r\n")]
    public void What_is_announced_and_does_not_come_takes_no_memory(string wire)
    {
        var (bytes, decoder) = (wire.ToBytes(), Framing.CreateDecoder());
        var before = GC.GetAllocatedBytesForCurrentThread();
        Assert.That(decoder.TryDecode(bytes, out _, out _), Is.False);
        Assert.That(GC.GetAllocatedBytesForCurrentThread() - before, Is.LessThan(2_000));
    }

    [Test]
    public void Names_the_server()
    {
        using var world = new World();
        var wire = world.Wire();
        var values = wire.Watch(connection => connection.Decode(Framing));
        wire.Peer.Sends("$99999999999\r\n");
        Assert.That(values.Error, Is.InstanceOf<ProtocolException>().With.Message.Contains("RespLimits.MaxBulk").And.Message.Contains("10.0.0.1:7"));
    }

    [Test]
    public void A_map_whose_last_value_is_missing_is_truncated()
    {
        using var world = new World();
        var wire = world.Wire();
        var values = wire.Watch(connection => connection.Decode(Framing));
        wire.Peer.Sends("%1\r\n+k\r\n").Ends();
        Assert.That(values.Error, Is.InstanceOf<TruncatedFrameException>());
    }

    [Test]
    public void Limits_are_as_they_are_set() =>
        Assert.Multiple(() =>
        {
            Assert.That(new RespFraming(new() { MaxLine = 2 }).Feed("+ab\r\n").Error, Is.Null);
            Assert.That(new RespFraming(new() { MaxLine = 2 }).Error("+abc\r\n"), Is.InstanceOf<ProtocolException>());
            Assert.That(new RespFraming(new() { MaxBulk = 2 }).Feed("$2\r\nab\r\n").Error, Is.Null);
            Assert.That(new RespFraming(new() { MaxItems = 3 }).Feed("*2\r\n*1\r\n:1\r\n:2\r\n").Error, Is.Null);
            Assert.That(new RespFraming(new() { MaxNesting = 2 }).Feed("*1\r\n*1\r\n:1\r\n").Error, Is.Null);
            Assert.That(new RespFraming(new() { MaxNesting = 1 }).Error("*1\r\n*1\r\n:1\r\n"), Is.InstanceOf<ProtocolException>());
            Assert.That(() => new RespLimits { MaxLine = 0 }, Throws.InstanceOf<ArgumentOutOfRangeException>());
            Assert.That(() => new RespLimits { MaxBulk = int.MaxValue }, Throws.InstanceOf<ArgumentOutOfRangeException>());
        });

    // A name of its own: the longest wires are megabytes.
    private static TestCaseData Row(string wire, string why) =>
        new TestCaseData(wire, why).SetArgDisplayNames($"{wire[..Math.Min(30, wire.Length)].Replace("\r\n", " ", StringComparison.Ordinal)} of {wire.Length}");
}
