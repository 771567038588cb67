using System.Buffers;
using Diesel.Reactive.Protocols.MongoDB;
using MongoDB.Bson;

namespace Diesel.Reactive.Tests;

/// <summary>Messages of MongoDB as bytes, both ways.</summary>
public class MongoCodecTests
{
    private static readonly BsonDocument Ping = new() { { "ping", 1 }, { "$db", "admin" } };

    // { a: 1 } and { }
    private const string A1 = "0c0000001061000100000000";
    private const string Empty = "0500000000";

    private static readonly TestCaseData[] Table =
    [
        new("1a000000 07000000 00000000 dd070000 00000000 00 0500000000", new MongoMessage { RequestId = 7, Body = Raw("{}") }),
        new("21000000 01000000 02000000 dd070000 02000000 00 " + A1, new MongoMessage { RequestId = 1, ResponseTo = 2, Flags = MongoFlags.MoreToCome, Body = Raw("{ a: 1 }") }),
        new("34000000 01000000 00000000 dd070000 00000100 00 " + Empty + " 01 19000000 6f707300 " + A1 + Empty, new MongoMessage
        {
            RequestId = 1, Flags = MongoFlags.ExhaustAllowed, Body = Raw("{}"), Sections = [new("ops", [Raw("{ a: 1 }"), Raw("{}")])],
        }),
        new("2c000000 01000000 00000000 d4070000 00000000 61646d696e2e24636d6400 00000000 ffffffff 0500000000", new MongoMessage
        {
            RequestId = 1, Operation = MongoOperation.Query, Collection = "admin.$cmd", Body = Raw("{}"),
        }),
        new("29000000 01000000 02000000 01000000 08000000 0000000000000000 00000000 01000000 0500000000", new MongoMessage
        {
            RequestId = 1, ResponseTo = 2, Operation = MongoOperation.Reply, Body = Raw("{}"),
        }),
    ];

    [TestCaseSource(nameof(Table))]
    public void Wire_and_message_are_one(string hex, MongoMessage message)
    {
        var wire = Convert.FromHexString(hex.Replace(" ", ""));
        Assert.Multiple(() =>
        {
            Assert.That(Shown(MongoCodec.Decode(wire)), Is.EqualTo(Shown(message)));
            Assert.That(Convert.ToHexString(Written(message)), Is.EqualTo(Convert.ToHexString(wire)));
        });
    }

    [TestCase(MongoFlags.None, MongoCompressor.None)]
    [TestCase(MongoFlags.Checksum, MongoCompressor.None)]
    [TestCase(MongoFlags.None, MongoCompressor.Zlib)]
    public void A_message_arrives_however_it_is_cut(MongoFlags flags, MongoCompressor compressor)
    {
        var message = new MongoMessage
        {
            RequestId = 5, ResponseTo = 6, Flags = flags, Body = RawBson.Of(Ping), Compressor = compressor,
            Sections = [new("documents", [.. Enumerable.Range(0, 20).Select(i => RawBson.Of(new BsonDocument("i", i)))])],
        };
        var wire = Written(message);
        byte[] twice = [.. wire, .. wire];
        Assert.Multiple(() =>
        {
            for (var cut = 0; cut <= twice.Length; cut++)
            {
                Assert.That(Decoded(twice, cut, compressor), Is.EqualTo(new[] { Shown(message), Shown(message) }), $"cut at {cut}");
            }
        });
    }

    [Test]
    public void A_checksum_is_that_of_Castagnoli() => Assert.That(Crc32C.Of("123456789"u8), Is.EqualTo(0xe3069283));

    [Test]
    public void A_changed_byte_is_found_by_the_checksum()
    {
        var wire = Written(new() { RequestId = 1, Flags = MongoFlags.Checksum, Body = Raw("{ a: 1 }") });
        wire[^9] ^= 1;
        Assert.That(() => MongoCodec.Decode(wire), Throws.TypeOf<ProtocolException>().With.Message.Contains("checksum"));
    }

    [Test]
    public void Documents_are_slices_of_what_was_received()
    {
        var wire = Written(new() { RequestId = 1, Body = RawBson.Of(Ping) });
        Assert.That(MongoCodec.Decode(wire).Body.Memory.Span.Overlaps(wire), Is.True);
    }

    internal static byte[] Written(MongoMessage message)
    {
        var output = new ArrayBufferWriter<byte>();
        MongoCodec.Write(message, output);
        return output.WrittenSpan.ToArray();
    }

    internal static RawBson Raw(string json) => RawBson.Of(BsonDocument.Parse(json));

    private static string Shown(MongoMessage message) =>
        $"{message.RequestId} {message.ResponseTo} {message.Operation} {message.Flags} {message.Collection} {message.Body} {string.Join(';', message.Sections.Select(each => $"{each.Name}:{string.Join(',', each.Documents)}"))}";

    private static string[] Decoded(byte[] bytes, int cut, MongoCompressor compressor)
    {
        var (decoder, at, found) = (new MongoFraming(compressor: compressor).CreateDecoder(), 0, new List<string>());
        foreach (var end in new[] { cut, bytes.Length })
        {
            while (decoder.TryDecode(bytes.AsMemory(at..end), out var message, out var consumed))
            {
                found.Add(Shown(message));
                at += consumed;
            }
        }

        return [.. found];
    }
}
