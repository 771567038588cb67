using System.Buffers.Binary;
using Diesel.Reactive.Protocols.MongoDB;
using MongoDB.Bson;

namespace Diesel.Reactive.Tests;

/// <summary>What peers may not send: it is refused, with little memory taken.</summary>
public class MongoHostileTests
{
    private const int Message = 2013;
    private const int Compressed = 2012;
    private const string Empty = "00 0500000000";

    private static readonly TestCaseData[] Hostile =
    [
        Case("length 0", Framed("", length: 0)), Case("length 15", Framed("", length: 15)), Case("length negative", Framed("", length: -1)), Case("length 48 000 001", Framed("", length: 48_000_001)),
        Case("length 2 GiB", Framed("", length: int.MaxValue)), Case("no such operation", Framed("00000000" + Empty, operation: 2010)), Case("an old insert", Framed("00000000", operation: 2002)),
        Case("no flags", Framed("")), Case("no section", Framed("00000000")), Case("no section 0", Framed("00000000 01 08000000 6f707300")), Case("two of section 0", Framed("00000000" + Empty + Empty)),
        Case("a kind that is unknown", Framed("00000000 02 0500000000")), Case("a required bit that is unknown", Framed("04000000" + Empty)), Case("the highest required bit", Framed("00800000" + Empty)),
        Case("a section past the end", Framed("00000000" + Empty + "01 ff000000 6f707300")), Case("a section of 3 bytes", Framed("00000000" + Empty + "01 03000000")), Case("a section of -1 bytes", Framed("00000000" + Empty + "01 ffffffff 6f707300")),
        Case("a section without the end of its name", Framed("00000000" + Empty + "01 07000000 6f7073")), Case("two sections of one name", Framed("00000000" + Empty + "01 08000000 6f707300 01 08000000 6f707300")),
        Case("a document past its section", Framed("00000000" + Empty + "01 0d000000 6f707300 0600000000")), Case("a checksum that is wrong", Framed("01000000" + Empty + "00000000")), Case("a checksum that is missing", Framed("01000000")),
        Case("a body past the end", Framed("00000000 00 0600000000")), Case("a body of -1 bytes", Framed("00000000 00 ffffffff00")), Case("a string without an end", Framed("00000000 00 0f000000 02 6100 02000000 6262 00 00")),
        Case("bytes behind the body", Framed("00000000" + Empty + "ff")), Case("a query without an end", Framed("00000000 6161", operation: 2004)), Case("a query that is cut", Framed("00000000 6100 00000000 0000", operation: 2004)),
        Case("an old reply without a document", Framed("00000000 0000000000000000 00000000 00000000", operation: 1)), Case("an old reply with two", Framed("00000000 0000000000000000 00000000 02000000 0500000000 0500000000", operation: 1)),
        Case("compressed and cut", Framed("dd070000 0500", operation: Compressed)), Case("a compressor never agreed upon", Framed("dd070000 0a000000 01 00", operation: Compressed)), Case("no compressor", Framed("dd070000 0a000000 00 00", operation: Compressed)),
        Case("one compressed within another", Framed("dc070000 0a000000 02" + Zlib(10), operation: Compressed)), Case("compressed garbage", Framed("dd070000 0a000000 02 ffffffff", operation: Compressed)),
        Case("one byte less than is said", Framed("dd070000 0b000000 02" + Zlib(10), operation: Compressed)), Case("one byte more than is said", Framed("dd070000 09000000 02" + Zlib(10), operation: Compressed)),
        Case("2 GiB less than is said", Framed("dd070000 ffffff7f 02" + Zlib(10), operation: Compressed)), Case("40 MB less than is said", Framed("dd070000 005a6202 02" + Zlib(10), operation: Compressed)),
        Case("a size below 0", Framed("dd070000 ffffffff 02" + Zlib(10), operation: Compressed)), Case("a bomb", Framed("dd070000 0a000000 02" + Zlib(40_000_000), operation: Compressed)),
        Case("a document of 100 000 levels", [.. Framed("00000000 00", length: 21 + 799_997), .. BsonWalkTests.Nested(100_000)]),
    ];

    [TestCaseSource(nameof(Hostile))]
    public void Is_refused_with_little_memory(byte[] bytes)
    {
        var before = GC.GetAllocatedBytesForCurrentThread();
        var thrown = Refusal(bytes);
        var allocated = GC.GetAllocatedBytesForCurrentThread() - before;
        Assert.Multiple(() =>
        {
            Assert.That(thrown, Is.InstanceOf<ProtocolException>());
            Assert.That(allocated, Is.LessThan(1024 * 1024));
        });
    }

    [Test]
    public void Without_an_agreement_nothing_is_inflated() => Assert.That(
        () => new MongoFraming().CreateDecoder().TryDecode(Framed("dd070000 0a000000 02" + Zlib(10), operation: Compressed), out _, out _),
        Throws.TypeOf<ProtocolException>().With.Message.Contains("agreed"));

    [Test]
    public void Random_bytes_give_a_message_or_an_error_and_nothing_else([Range(0, 9)] int seed)
    {
        var random = new Random(seed);
        var bytes = new byte[1024 * 1024];
        random.NextBytes(bytes);
        for (var at = 0; at < bytes.Length; at += 4096)
        {
            // Half of them begin as a message does.
            if ((at & 4096) != 0)
            {
                BinaryPrimitives.WriteInt32LittleEndian(bytes.AsSpan(at), 4096);
                BinaryPrimitives.WriteInt32LittleEndian(bytes.AsSpan(at + 12), Message);
                BinaryPrimitives.WriteInt32LittleEndian(bytes.AsSpan(at + 16), random.Next(4));
                bytes[at + 20] = (byte)random.Next(2);
            }

            Assert.That(Refusal(bytes.AsMemory(at, 4096)), Is.Null.Or.InstanceOf<ProtocolException>());
        }
    }

    [Test]
    public void A_changed_byte_gives_a_message_or_an_error_and_nothing_else()
    {
        var valid = MongoCodecTests.Written(new()
        {
            RequestId = 1, Body = RawBson.Of(new BsonDocument { { "insert", "a" }, { "$db", "b" } }), Sections = [new("documents", [RawBson.Of(new BsonDocument("x", "y"))])],
        });
        for (var at = 0; at < valid.Length; at++)
        {
            for (var value = 0; value < 256; value++)
            {
                var bytes = (byte[])valid.Clone();
                bytes[at] = (byte)value;
                Assert.That(Refusal(bytes), Is.Null.Or.InstanceOf<ProtocolException>());
            }
        }
    }

    private static Exception? Refusal(ReadOnlyMemory<byte> bytes)
    {
        try
        {
            new MongoFraming(compressor: MongoCompressor.Zlib).CreateDecoder().TryDecode(bytes, out _, out _);
            return null;
        }
        catch (Exception error)
        {
            return error;
        }
    }

    private static TestCaseData Case(string name, byte[] bytes) => new TestCaseData(bytes).SetArgDisplayNames(name);

    private static byte[] Framed(string hex, int? length = null, int operation = Message)
    {
        var body = Convert.FromHexString(hex.Replace(" ", ""));
        return [.. BitConverter.GetBytes(length ?? (body.Length + 16)), 1, 0, 0, 0, 0, 0, 0, 0, .. BitConverter.GetBytes(operation), .. body];
    }

    private static string Zlib(int length)
    {
        using var stream = new MemoryStream();
        using (var zlib = new System.IO.Compression.ZLibStream(stream, System.IO.Compression.CompressionLevel.Fastest, leaveOpen: true))
        {
            zlib.Write(new byte[length]);
        }

        return Convert.ToHexString(stream.ToArray());
    }
}
