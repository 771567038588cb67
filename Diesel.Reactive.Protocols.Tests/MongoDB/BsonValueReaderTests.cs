using System.Buffers.Binary;
using Diesel.Reactive.Protocols.MongoDB;
using MongoDB.Bson;

namespace Diesel.Reactive.Tests;

/// <summary>Documents of bytes are those that MongoDB.Bson itself makes of them.</summary>
public class BsonValueReaderTests
{
    private static readonly BsonDocument All = new()
    {
        { "double", 1.5 }, { "nan", double.NaN }, { "text", "Grüße \U0001F600" }, { "empty", "" }, { "", 1 }, { "document", new BsonDocument { { "a", new BsonDocument("b", new BsonArray { 1, "x", new BsonDocument() }) } } },
        { "array", new BsonArray { BsonNull.Value, true, new BsonArray() } }, { "bytes", new BsonBinaryData([1, 2, 3]) }, { "uuid", new BsonBinaryData(new byte[16], BsonBinarySubType.UuidStandard) },
        { "own", new BsonBinaryData([9], BsonBinarySubType.UserDefined) }, { "undefined", BsonUndefined.Value }, { "id", ObjectId.Parse("0123456789abcdef01234567") }, { "true", true }, { "false", false },
        { "time", new BsonDateTime(-1) }, { "null", BsonNull.Value }, { "pattern", new BsonRegularExpression("a.*b", "i") }, { "code", new BsonJavaScript("x") }, { "symbol", (BsonSymbol)"s" },
        { "scope", new BsonJavaScriptWithScope("x", new BsonDocument("a", 1)) }, { "int", -7 }, { "timestamp", new BsonTimestamp(5, 6) }, { "long", long.MaxValue }, { "decimal", Decimal128.Parse("1.0E+3") },
        { "min", BsonMinKey.Value }, { "max", BsonMaxKey.Value }, { "a name that is longer than those that are kept", 1 }, { "größer", 2 },
    };

    [Test]
    public void All_kinds_are_read() => Assert.That(Read(RawBson.Of(All).Memory.ToArray()), Is.EqualTo(All.ToJson()));

    [Test]
    public void A_value_by_itself_is_read()
    {
        var raw = RawBson.Of(All);
        foreach (var element in raw.Items)
        {
            Assert.That(element.Value.ToBsonValue(), Is.EqualTo(All[element.Name]));
            Assert.That(element.Value.ToBsonValue(), Is.TypeOf(All[element.Name].GetType()));
        }
    }

    [Test]
    public void Names_that_look_alike_are_told_apart()
    {
        var document = new BsonDocument(Enumerable.Range(0, 5000).Select(static i => new BsonElement($"name{i}", i)));
        for (var i = 0; i < 3; i++)
        {
            Assert.That(RawBson.Of(document).ToDocument(), Is.EqualTo(document));
        }
    }

    [Test]
    public void What_is_changed_is_read_or_refused_as_MongoDB_Bson_does([Range(0, 9)] int seed)
    {
        var (random, valid) = (new Random(seed), RawBson.Of(All).Memory.ToArray());
        for (var i = 0; i < 5000; i++)
        {
            var bytes = (byte[])valid.Clone();
            for (var change = random.Next(1, 4); change > 0; change--)
            {
                bytes[random.Next(4, bytes.Length)] = (byte)random.Next(256);
            }

            if (IsWalked(bytes))
            {
                Assert.That(Read(bytes), Is.EqualTo(Outcome(() => new RawBson(bytes).ByItsSerializer<BsonDocument>())), Convert.ToHexString(bytes));
            }
        }
    }

    [TestCase("10 6100 01000000 10 6100 02000000", false)]
    [TestCase("02 6100 02000000 ff 00", false)]
    [TestCase("10 ff00 01000000", false)]
    [TestCase("10 6100 01000000", true)]
    public void A_name_that_is_there_twice_and_a_text_that_is_none_are_errors(string elements, bool isGood)
    {
        var bytes = Convert.FromHexString($"00000000{elements.Replace(" ", "")}00");
        BinaryPrimitives.WriteInt32LittleEndian(bytes, bytes.Length);
        Assert.That(() => RawBson.Parse(bytes).ToDocument(), isGood ? Throws.Nothing : Throws.InstanceOf<ProtocolException>());
    }

    private static string Read(byte[] bytes) => Outcome(() => new RawBson(bytes).ToDocument());

    private static bool IsWalked(byte[] bytes)
    {
        try
        {
            return BsonWalk.Check(bytes) == bytes.Length;
        }
        catch (ProtocolException)
        {
            return false;
        }
    }

    private static string Outcome(Func<BsonDocument> read)
    {
        try
        {
            return read().ToJson();
        }
        catch (ProtocolException)
        {
            return "refused";
        }
    }
}
