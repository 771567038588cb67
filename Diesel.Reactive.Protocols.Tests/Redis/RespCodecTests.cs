using System.Buffers;
using System.Numerics;
using Diesel.Reactive.Protocols;
using Diesel.Reactive.Protocols.Redis;

namespace Diesel.Reactive.Tests;

/// <summary>Wire bytes and values, in both directions.</summary>
public class RespCodecTests
{
    private static readonly RespFraming Framing = new();

    // The wire, and the value: what is read is written again.
    private static readonly TestCaseData[] Values =
    [
        Row("_\r\n", Resp.Null),
        Row("+OK\r\n", Resp.Simple("OK")),
        Row("+\r\n", Resp.Simple("")),
        Row("-ERR no\r\n", Resp.Error("ERR no")),
        Row(":0\r\n", Resp.Integer(0)),
        Row(":-9223372036854775808\r\n", Resp.Integer(long.MinValue)),
        Row("$6\r\na\r\nbé\r\n", Resp.Bulk("a\r\nbé")),
        Row("$0\r\n\r\n", Resp.Bulk("")),
        Row(",1.5\r\n", Resp.Double(1.5)),
        Row(",1E+300\r\n", Resp.Double(1e300)),
        Row(",inf\r\n", Resp.Double(double.PositiveInfinity)),
        Row(",-inf\r\n", Resp.Double(double.NegativeInfinity)),
        Row(",nan\r\n", Resp.Double(double.NaN)),
        Row("#t\r\n", Resp.Boolean(true)),
        Row("#f\r\n", Resp.Boolean(false)),
        Row("!5\r\nERR x\r\n", Resp.BulkError("ERR x")),
        Row("=7\r\ntxt:a\r\n\r\n", Resp.Verbatim("txt", "a\r\n")),
        Row("(3492890328409238509324850943850943825024385\r\n", Resp.BigNumber(BigInteger.Parse("3492890328409238509324850943850943825024385", null))),
        Row("*0\r\n", Resp.Array()),
        Row("*2\r\n:1\r\n*1\r\n+a\r\n", Resp.Array(Resp.Integer(1), Resp.Array(Resp.Simple("a")))),
        Row("%1\r\n+k\r\n~1\r\n:1\r\n", Resp.Map((Resp.Simple("k"), Resp.Set(Resp.Integer(1))))),
        Row("%0\r\n", Resp.Map()),
        Row("~2\r\n:1\r\n:1\r\n", Resp.Set(Resp.Integer(1), Resp.Integer(1))),
        Row(">2\r\n+pubsub\r\n_\r\n", Resp.Push(Resp.Simple("pubsub"), Resp.Null)),
        Row("*2\r\n>1\r\n+subscribe\r\n+OK\r\n", Resp.Array(Resp.Push(Resp.Simple("subscribe")), Resp.Simple("OK"))),
        Row("|1\r\n+ttl\r\n:3\r\n+v\r\n", Resp.Simple("v").WithAttributes(Resp.Simple("ttl"), Resp.Integer(3))),
        Row("*2\r\n|1\r\n+a\r\n*0\r\n*1\r\n:1\r\n:2\r\n", Resp.Array(Resp.Array(Resp.Integer(1)).WithAttributes(Resp.Simple("a"), Resp.Array()), Resp.Integer(2))),
    ];

    // What is read only: RESP2's nulls, and what need not be written so.
    private static readonly TestCaseData[] Others =
    [
        Row("$-1\r\n", Resp.Null),
        Row("*-1\r\n", Resp.Null),
        Row("*1\r\n*-1\r\n", Resp.Array(Resp.Null)),
        Row(":+7\r\n", Resp.Integer(7)),
        Row(":007\r\n", Resp.Integer(7)),
        Row(",10\r\n", Resp.Double(10)),
        Row(",+inf\r\n", Resp.Double(double.PositiveInfinity)),
        Row(",1e2\r\n", Resp.Double(100)),
        Row("$01\r\na\r\n", Resp.Bulk("a")),
        Row("|0\r\n:1\r\n", Resp.Integer(1)),
        Row("|1\r\n+a\r\n:1\r\n|1\r\n+b\r\n:2\r\n_\r\n", Resp.Null.WithAttributes(Resp.Simple("a"), Resp.Integer(1), Resp.Simple("b"), Resp.Integer(2))),
    ];

    private static readonly TestCaseData[] OldForms =
    [
        Old(Resp.Null, "$-1\r\n"),
        Old(Resp.Simple("OK"), "+OK\r\n"),
        Old(Resp.Error("ERR no"), "-ERR no\r\n"),
        Old(Resp.BulkError("ERR a\r\nb"), "-ERR a  b\r\n"),
        Old(Resp.Integer(7), ":7\r\n"),
        Old(Resp.Boolean(true), ":1\r\n"),
        Old(Resp.Double(1.5), "$3\r\n1.5\r\n"),
        Old(Resp.BigNumber(12), "$2\r\n12\r\n"),
        Old(Resp.Verbatim("txt", "a"), "$1\r\na\r\n"),
        Old(Resp.Bulk("a"), "$1\r\na\r\n"),
        Old(Resp.Map((Resp.Bulk("k"), Resp.Null)), "*2\r\n$1\r\nk\r\n$-1\r\n"),
        Old(Resp.Push(Resp.Simple("a"), Resp.Set()), "*2\r\n+a\r\n*0\r\n"),
        Old(Resp.Integer(1).WithAttributes(Resp.Simple("a"), Resp.Null), ":1\r\n"),
    ];

    [TestCaseSource(nameof(Values))]
    [TestCaseSource(nameof(Others))]
    public void A_value_is_read(string wire, RespValue value) => Assert.That(Framing.Decode(wire), Is.EqualTo(value));

    [TestCaseSource(nameof(Values))]
    public void A_value_is_written(string wire, RespValue value) => Assert.That(RespDraw.Wire(value).AsReadOnly().ToText(), Is.EqualTo(wire));

    [TestCaseSource(nameof(OldForms))]
    public void A_value_is_written_for_old_clients(RespValue value, string wire) =>
        Assert.That(RespDraw.Wire(value, RespVersion.Resp2).AsReadOnly().ToText(), Is.EqualTo(wire));

    [Test]
    public void A_command_is_written() => Assert.That(Command("SET", "é", 42, ""), Is.EqualTo("*4\r\n$3\r\nSET\r\n$2\r\né\r\n$2\r\n42\r\n$0\r\n\r\n"));

    [Test]
    public void A_command_is_read_as_an_array() =>
        Assert.That(Framing.Decode(Command("GET", "k")), Is.EqualTo(Resp.Array(Resp.Bulk("GET"), Resp.Bulk("k"))));

    [Test]
    public void A_command_has_a_name() => Assert.That(() => RespCodec.WriteCommand(new ArrayBufferWriter<byte>()), Throws.ArgumentException);

    [Test]
    public void Writing_a_command_allocates_nothing()
    {
        var output = new ArrayBufferWriter<byte>(1024);
        Bytes[] words = ["SET", "key", new byte[100]];
        RespCodec.WriteCommand(output, words);
        output.ResetWrittenCount();
        var before = GC.GetAllocatedBytesForCurrentThread();
        RespCodec.WriteCommand(output, words);
        Assert.That(GC.GetAllocatedBytesForCurrentThread() - before, Is.Zero);
    }

    [Test]
    public void What_lies_within_a_reply_is_not_copied()
    {
        var wire = "*1\r\n$3\r\nabc\r\n"u8.ToArray();
        var item = Framing.Feed(wire).Frames.Single().Items.Single().ToBytes();
        wire[8] = (byte)'x';
        Assert.That(item.ToText(), Is.EqualTo("xbc"));
    }

    private static string Command(params Bytes[] words)
    {
        var output = new ArrayBufferWriter<byte>();
        RespCodec.WriteCommand(output, words);
        return output.WrittenMemory.ToText();
    }

    private static TestCaseData Row(string wire, RespValue value) => new TestCaseData(wire, value).SetArgDisplayNames(Shown(wire));

    private static TestCaseData Old(RespValue value, string wire) => new TestCaseData(value, wire).SetArgDisplayNames(Shown(wire));

    private static string Shown(string wire) => wire.Replace("\r\n", " ", StringComparison.Ordinal);
}
