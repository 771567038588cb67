using System.Buffers;
using System.Numerics;
using Diesel.Reactive.Protocols.Redis;

namespace Diesel.Reactive.Tests;

/// <summary>Draws values of the Redis serialization protocol, and writes them.</summary>
internal static class RespDraw
{
    private const int Deepest = 3;

    private static readonly double[] Doubles = [0, -1.5, 1e300, double.Epsilon, double.PositiveInfinity, double.NegativeInfinity, double.NaN];

    public static RespValue Value(FramingDraw draw) => Value(draw, Deepest);

    /// <summary>What <see cref="RespCodec"/> writes.</summary>
    public static byte[] Wire(RespValue value, RespVersion version = RespVersion.Resp3)
    {
        var output = new ArrayBufferWriter<byte>();
        RespCodec.Write(output, value, version);
        return output.WrittenSpan.ToArray();
    }

    private static RespValue Value(FramingDraw draw, int depth)
    {
        var value = Plain(draw, depth);
        return depth > 0 && draw.Number(0, 9) == 0 ? value.WithAttributes(Value(draw, 0), Value(draw, depth - 1)) : value;
    }

    private static RespValue Plain(FramingDraw draw, int depth) => draw.Number(0, depth > 0 ? 13 : 9) switch
    {
        0 => Resp.Null,
        1 => Resp.Simple(draw.Text("ab :$é", 0, 9)),
        2 => Resp.Error("ERR " + draw.Text("ab", 0, 9)),
        3 => Resp.Integer((long)draw.Integer()),
        4 => Resp.Double(Doubles[draw.Number(0, Doubles.Length - 1)]),
        5 => Resp.Boolean(draw.Coin()),
        6 => Resp.BulkError(draw.Bytes(draw.Number(0, 9))),
        7 => Resp.Verbatim("txt", draw.Bytes(draw.Number(0, 9))),
        8 => Resp.BigNumber(new BigInteger(draw.Bytes(9))),
        9 => Resp.Bulk(draw.Bytes(draw.Number(0, 40))),
        10 => Resp.Array(Items(draw, depth)),
        11 => Resp.Map([.. Items(draw, depth).Select(key => (key, Value(draw, 0)))]),
        12 => Resp.Set(Items(draw, depth)),
        _ => Resp.Push([Resp.Bulk("message"), .. Items(draw, depth)]),
    };

    private static RespValue[] Items(FramingDraw draw, int depth) => [.. Enumerable.Range(0, draw.Number(0, 3)).Select(_ => Value(draw, depth - 1))];
}
