using System.Numerics;
using Diesel.Reactive.Protocols;
using Diesel.Reactive.Protocols.Redis;

namespace Diesel.Reactive.Tests;

public class RespValueTests
{
    [Test]
    public void Small_ones_take_no_memory_of_their_own() => Assert.That(System.Runtime.CompilerServices.Unsafe.SizeOf<RespValue>(), Is.EqualTo(24));

    [Test]
    public void Numbers_are_read_from_either_protocol() =>
        Assert.That(
            (Resp.Double(1.5).ToDouble(), Resp.Bulk("1.5").ToDouble(), Resp.Integer(2).ToDouble(), Resp.Bulk("-inf").ToDouble()),
            Is.EqualTo((1.5, 1.5, 2.0, double.NegativeInfinity)));

    [Test]
    public void Whole_numbers_are_read_from_either_protocol() =>
        Assert.That(
            (Resp.Integer(7).ToInt64(), Resp.Bulk("7").ToInt64(), Resp.Boolean(true).ToInt64(), Resp.BigNumber(7).ToInt64(), Resp.Bulk("99999999999999999999").ToBigInteger()),
            Is.EqualTo((7L, 7L, 1L, 7L, BigInteger.Parse("99999999999999999999", null))));

    [Test]
    public void Truths_are_read_from_either_protocol() =>
        Assert.That((Resp.Boolean(true).ToBoolean(), Resp.Integer(1).ToBoolean(), Resp.Integer(0).ToBoolean()), Is.EqualTo((true, true, false)));

    [Test]
    public void Texts_are_read_without_their_format() =>
        Assert.That((Resp.Verbatim("mkd", "*a*").ToText(), Resp.Verbatim("mkd", "").Format, Resp.Integer(7).ToText(), Resp.Double(double.NaN).ToBytes()), Is.EqualTo(("*a*", "mkd", "7", (Bytes)"nan")));

    [Test]
    public void An_error_is_thrown_where_a_value_was_expected() =>
        Assert.That(() => Resp.Error("WRONGTYPE no").ToInt64(), Throws.InstanceOf<RedisErrorException>().With.Property(nameof(RedisErrorException.Code)).EqualTo("WRONGTYPE").And.Message.EqualTo("WRONGTYPE no"));

    [Test]
    public void What_is_something_else_is_the_peers_mistake() =>
        Assert.Multiple(() =>
        {
            Assert.That(() => Resp.Array().ToInt64(), Throws.InstanceOf<ProtocolException>().With.Message.Contains("Array").And.Message.Contains("whole number"));
            Assert.That(() => Resp.Null.ToBytes(), Throws.InstanceOf<ProtocolException>());
            Assert.That(() => Resp.Bulk("x").ToDouble(), Throws.InstanceOf<ProtocolException>());
            Assert.That(() => Resp.Integer(2).ToBoolean(), Throws.InstanceOf<ProtocolException>());
            Assert.That(() => Resp.Integer(2).ToItems(), Throws.InstanceOf<ProtocolException>());
        });

    [TestCase("a\rb")]
    [TestCase("a\nb")]
    public void A_line_has_no_line_end(string text) => Assert.That(() => Resp.Simple(text), Throws.ArgumentException);

    [Test]
    public void Print_as_a_person_reads_them() =>
        Assert.That(
            $"{Resp.Array(Resp.Bulk("a"), Resp.Null, Resp.Map((Resp.Bulk("k"), Resp.Double(1.5))), Resp.Boolean(true), Resp.Error("ERR no"))}",
            Is.EqualTo("[a, (nil), {k: 1.5}, true, (error) ERR no]"));

    [Test]
    public void Differ_by_kind_content_and_attributes() =>
        Assert.That(
            new[] { Resp.Bulk("1"), Resp.Simple("1"), Resp.Integer(1), Resp.Double(1), Resp.Array(Resp.Integer(1)), Resp.Integer(1).WithAttributes(Resp.Null, Resp.Null) }.Distinct().Count(),
            Is.EqualTo(6));
}
