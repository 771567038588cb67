using Diesel.Reactive.Protocols.MongoDB;
using MongoDB.Bson;

namespace Diesel.Reactive.Tests;

/// <summary>What a peer's document is checked for before MongoDB.Bson sees it.</summary>
public class BsonWalkTests
{
    // A document with one element: its length is written before it, its end behind it.
    private static readonly TestCaseData[] Good =
    [
        new("01 6100 0000000000000840"), new("02 6100 02000000 62 00"), new("02 00 01000000 00"), new("03 6100 05000000 00"),
        new("04 6100 0c000000 10 3000 01000000 00"), new("05 6100 01000000 00 ff"), new("05 6100 00000000 80"), new("05 6100 06000000 02 02000000 ffff"),
        new("06 6100"), new("07 6100 000102030405060708090a0b"), new("08 6100 01"), new("08 6100 00"), new("09 6100 0100000000000000"), new("0a 6100"),
        new("0b 6100 6200 6900"), new("0b 6100 00 00"), new("0c 6100 02000000 62 00 000102030405060708090a0b"), new("0d 6100 02000000 62 00"), new("0e 6100 01000000 00"),
        new("0f 6100 0f000000 02000000 62 00 05000000 00"), new("10 6100 01000000"), new("11 6100 0100000002000000"), new("12 6100 0100000000000000"),
        new("13 6100 00000000000000000000000000000000"), new("ff 6100"), new("7f 6100"), new("10 6100 01000000 10 6100 02000000"), new(""),
    ];

    private static readonly TestCaseData[] Bad =
    [
        new("14 6100"), new("80 6100"), new("01 6100 00000000000008"), new("02 6100 02000000 62 01"), new("02 6100 00000000"), new("02 6100 ffffffff"), new("02 6100 03000000 62 00"),
        new("02 6100 ffffff7f 62 00"), new("02 6100 00"), new("03 6100 04000000 00"), new("03 6100 06000000 00"), new("03 6100 05000000 01"), new("03 6100 ffffffff 00"), new("04 6100 05000000"),
        new("05 6100 02000000 00 ff"), new("05 6100 ffffffff 00 ff"), new("05 6100 06000000 02 03000000 ffff"), new("05 6100 03000000 02 000000"), new("07 6100 0001020304"),
        new("08 6100 02"), new("08 6100"), new("0b 6100 6200 69"), new("0b 6100 62"), new("10 61"), new("10 6100 010000"), new("0f 6100 0e000000 02000000 62 00 05000000 00"),
        new("0f 6100 10000000 02000000 62 00 05000000 00"), new("0f 6100 0f000000 03000000 62 00 05000000 00"), new("03 6100 06000000 00 00"), new("03 6100 08000000 10 6100 00"),
    ];

    [TestCaseSource(nameof(Good))]
    public void Lets_a_document_pass(string elements) => Assert.That(() => RawBson.Parse(Document(elements)), Throws.Nothing);

    // Names that are there twice, and pointers of long ago, MongoDB.Bson refuses by itself.
    [TestCaseSource(nameof(Good))]
    public void MongoDB_Bson_reads_what_passes_or_refuses_it(string elements)
    {
        var raw = RawBson.Parse(Document(elements));
        if (elements.StartsWith("0c", StringComparison.Ordinal) || elements.EndsWith("10 6100 02000000", StringComparison.Ordinal))
        {
            Assert.That(() => raw.ToDocument(), Throws.TypeOf<ProtocolException>());
            return;
        }

        Assert.That(RawBson.Of(raw.ToDocument()).ToDocument(), Is.EqualTo(raw.ToDocument()));
    }

    [TestCaseSource(nameof(Bad))]
    public void Refuses_what_is_none(string elements) => Assert.That(() => RawBson.Parse(Document(elements)), Throws.TypeOf<ProtocolException>());

    [TestCase("")]
    [TestCase("0000")]
    [TestCase("04000000")]
    [TestCase("0500000001")]
    [TestCase("060000000000")]
    [TestCase("0600000000")]
    [TestCase("ffffffff00")]
    [TestCase("000000800000")]
    public void Refuses_lengths_that_are_none(string hex) => Assert.That(() => RawBson.Parse(Convert.FromHexString(hex)), Throws.TypeOf<ProtocolException>());

    [TestCase(200, true)]
    [TestCase(201, false)]
    [TestCase(100_000, false)]
    public void Goes_as_deep_as_documents_may_be(int levels, bool isGood)
    {
        var bytes = Nested(levels);
        Assert.That(() => RawBson.Parse(bytes), isGood ? Throws.Nothing : Throws.TypeOf<ProtocolException>());
    }

    [Test]
    public void No_cut_document_passes()
    {
        var bytes = new BsonDocument { { "a", "text" }, { "b", new BsonArray { 1, 2.5, BsonNull.Value } }, { "c", new BsonRegularExpression("x", "i") } }.ToBson();
        Assert.Multiple(() =>
        {
            for (var length = 0; length < bytes.Length; length++)
            {
                Assert.That(() => RawBson.Parse(bytes.AsMemory(0, length)), Throws.TypeOf<ProtocolException>(), $"{length} bytes");
            }
        });
    }

    [Test]
    public void What_passes_can_be_gone_through_by_names()
    {
        var random = new Random(7);
        var valid = new BsonDocument { { "a", "text" }, { "b", new BsonDocument("c", new BsonArray { 1, 2L, true }) }, { "d", new BsonBinaryData(new byte[] { 1, 2 }) } }.ToBson();
        for (var round = 0; round < 20_000; round++)
        {
            var bytes = (byte[])valid.Clone();
            bytes[random.Next(bytes.Length)] = (byte)random.Next(256);
            RawBson raw;
            try
            {
                raw = RawBson.Parse(bytes);
            }
            catch (ProtocolException)
            {
                continue;
            }

            foreach (var element in raw.Items)
            {
                Assert.That(element.Value.Bytes.Length, Is.LessThan(bytes.Length));
            }
        }
    }

    [Test]
    public void Values_are_read_without_the_rest()
    {
        var raw = RawBson.Of(new BsonDocument { { "i", 7 }, { "l", 8L }, { "d", 9.5 }, { "s", "text" }, { "t", true }, { "o", new BsonDocument("x", 1) }, { "n", BsonNull.Value } });
        Assert.Multiple(() =>
        {
            Assert.That((raw["i"].ToInt64(), raw["l"].ToInt64(), raw["d"].ToInt64(), raw["d"].ToDouble()), Is.EqualTo((7L, 8L, 9L, 9.5)));
            Assert.That((raw["s"].ToText(), raw["t"].ToBoolean(), raw["o"].ToDocument()["x"].ToInt64()), Is.EqualTo(("text", true, 1L)));
            Assert.That((raw["n"].IsNull, raw["missing"].IsNull, raw["i"].IsNull), Is.EqualTo((true, true, false)));
            Assert.That(() => raw["s"].ToInt64(), Throws.TypeOf<FormatException>());
        });
    }

    internal static byte[] Nested(int levels)
    {
        var bytes = new byte[(8 * (levels - 1)) + 5];
        for (var level = 0; level < levels - 1; level++)
        {
            BitConverter.TryWriteBytes(bytes.AsSpan(7 * level), bytes.Length - (8 * level));
            (bytes[(7 * level) + 4], bytes[(7 * level) + 5]) = (3, (byte)'a');
        }

        BitConverter.TryWriteBytes(bytes.AsSpan(7 * (levels - 1)), 5);
        return bytes;
    }

    private static byte[] Document(string elements)
    {
        var bytes = Convert.FromHexString(elements.Replace(" ", ""));
        return [.. BitConverter.GetBytes(bytes.Length + 5), .. bytes, 0];
    }
}
