using System.Buffers.Binary;
using System.Text;
using MongoDB.Bson;

namespace Diesel.Reactive.Protocols.MongoDB;

/// <summary>Makes values of MongoDB.Bson of bytes that have been walked over.</summary>
/// <remarks>Errors: <see cref="DecoderFallbackException"/>: a text is no UTF-8; <see cref="InvalidOperationException"/>: a name is there twice.</remarks>
internal ref struct BsonValueReader(ReadOnlyMemory<byte> memory, int at = 0)
{
    private readonly ReadOnlySpan<byte> _bytes = memory.Span;
    private int _at = at;

    public BsonDocument Document()
    {
        var (document, end) = (new BsonDocument(), Begin());
        while (_at < end)
        {
            var type = _bytes[_at++];
            var name = Name();
            document.Add(name, Value(type));
        }

        _at++;
        return document;
    }

    private BsonArray Array()
    {
        var (array, end) = (new BsonArray(), Begin());
        while (_at < end)
        {
            // That its names are numbers in order nobody asks.
            var type = _bytes[_at++];
            _at = BsonWalk.AfterName(_bytes, _at, _bytes.Length);
            array.Add(Value(type));
        }

        _at++;
        return array;
    }

    public BsonValue Value(byte type) => type switch
    {
        0x01 => new BsonDouble(BinaryPrimitives.ReadDoubleLittleEndian(Take(8))),
        0x02 => Text(),
        0x03 => Document(),
        0x04 => Array(),
        0x07 => new BsonObjectId(new ObjectId(Take(12).ToArray())),
        0x08 => Take(1)[0] != 0 ? BsonBoolean.True : BsonBoolean.False,
        0x09 => new BsonDateTime(BinaryPrimitives.ReadInt64LittleEndian(Take(8))),
        0x0a => BsonNull.Value,
        0x10 => BinaryPrimitives.ReadInt32LittleEndian(Take(4)),
        0x11 => new BsonTimestamp(BinaryPrimitives.ReadInt64LittleEndian(Take(8))),
        0x12 => BinaryPrimitives.ReadInt64LittleEndian(Take(8)),
        0x05 when _bytes[_at + 4] == 0 => Binary(),
        _ => Rare(type),
    };

    // Where its last byte is.
    private int Begin()
    {
        var end = _at + BsonWalk.Int32(_bytes, _at) - 1;
        _at += 4;
        return end;
    }

    private string Name()
    {
        var begin = _at;
        _at = BsonWalk.AfterName(_bytes, _at, _bytes.Length);
        return BsonNames.Of(_bytes[begin..(_at - 1)]);
    }

    private BsonString Text()
    {
        var length = BsonWalk.Int32(_bytes, _at);
        _at += 4;
        return new(BsonNames.Strict.GetString(Take(length)[..^1]));
    }

    private BsonBinaryData Binary()
    {
        var length = BsonWalk.Int32(_bytes, _at);
        _at += 5;
        return new(Take(length).ToArray());
    }

    // What nobody reads often is read by MongoDB.Bson.
    private BsonValue Rare(byte type)
    {
        var begin = _at;
        _at = BsonWalk.AfterValue(_bytes, type, _at);
        return new RawBsonValue((BsonType)type, memory[begin.._at]).ByItsSerializer();
    }

    private ReadOnlySpan<byte> Take(int count)
    {
        var taken = _bytes.Slice(_at, count);
        _at += count;
        return taken;
    }
}

/// <summary>Names of documents as texts: those that come again and again are made once.</summary>
internal static class BsonNames
{
    private const int Longest = 32;

    // Whoever comes later takes the place: it is bounded, and no name is wrong.
    private static readonly string?[] Known = new string?[512];

    /// <summary>What is no UTF-8 is an error.</summary>
    public static UTF8Encoding Strict { get; } = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    public static string Of(ReadOnlySpan<byte> name)
    {
        if (name.Length is 0 or > Longest)
        {
            return Strict.GetString(name);
        }

        ref var known = ref Known[((name.Length * 31) + (name[0] * 7) + (name[name.Length / 2] * 13) + name[^1]) & 511];
        if (known is { } one && one.Length == name.Length && Ascii.Equals(name, one))
        {
            return one;
        }

        var text = Strict.GetString(name);
        known = text.Length == name.Length ? text : known;
        return text;
    }
}
