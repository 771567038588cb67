using System.Buffers.Binary;
using System.Text;
using MongoDB.Bson;
using MongoDB.Bson.IO;
using MongoDB.Bson.Serialization;

namespace Diesel.Reactive.Protocols.MongoDB;

/// <summary>Writes documents, whose lengths stand before them.</summary>
internal sealed class BsonOutput
{
    private const int MostKept = 1024 * 1024;

    [ThreadStatic]
    private static BsonOutput? _spare;

    private byte[] _bytes = new byte[512];

    public int Length { get; private set; }

    public ReadOnlySpan<byte> Written => _bytes.AsSpan(0, Length);

    /// <summary>An empty one, which nobody else of this thread has until its <see cref="Take"/> or <see cref="Return"/>.</summary>
    /// <param name="about">Bytes that will be written, as far as they are much: it does not grow step by step then.</param>
    public static BsonOutput Rent(int about = 0)
    {
        var output = _spare ?? new();
        _spare = null;
        output.Length = 0;
        if (output._bytes.Length < about)
        {
            output._bytes = GC.AllocateUninitializedArray<byte>(about + 512);
        }

        return output;
    }

    /// <summary>What was written, in an array of its own.</summary>
    public byte[] Take()
    {
        var bytes = Written.ToArray();
        Return();
        return bytes;
    }

    /// <summary>The document that was written, in an array that is nobody else's: a large one is not copied.</summary>
    public RawBson TakeDocument()
    {
        if (_bytes.Length > MostKept)
        {
            return new(_bytes.AsMemory(0, Length));
        }

        return new(Take());
    }

    /// <summary>Done with it. One that has grown large is not kept.</summary>
    public void Return() => _spare = _bytes.Length <= MostKept ? this : _spare;

    /// <summary>Begins a document.</summary>
    /// <returns>What <see cref="End"/> takes.</returns>
    public int Begin()
    {
        Int32(0);
        return Length - 4;
    }

    public void End(int begin)
    {
        Byte(0);
        Patch(begin, Length - begin);
    }

    /// <summary>Sets a number that was written before it was known.</summary>
    public void Patch(int at, int value) => BinaryPrimitives.WriteInt32LittleEndian(_bytes.AsSpan(at), value);

    public void Byte(byte value) => Room(1)[0] = value;

    public void Int32(int value) => BinaryPrimitives.WriteInt32LittleEndian(Room(4), value);

    public void Int64(long value) => BinaryPrimitives.WriteInt64LittleEndian(Room(8), value);

    public void Bytes(ReadOnlySpan<byte> bytes) => bytes.CopyTo(Room(bytes.Length));

    public void Double(double value) => BinaryPrimitives.WriteDoubleLittleEndian(Room(8), value);

    /// <summary>A text with its length and its end.</summary>
    public void Text(string text)
    {
        var length = Encoding.UTF8.GetByteCount(text);
        Int32(length + 1);
        var room = Room(length + 1);
        Encoding.UTF8.GetBytes(text, room);
        room[length] = 0;
    }

    /// <summary>The beginning of an element.</summary>
    public void Name(byte type, ReadOnlySpan<char> name)
    {
        if (name.Contains('\0'))
        {
            throw new ArgumentException("A name of a document holds the character U+0000, which none may.");
        }

        Byte(type);
        var room = Room(Encoding.UTF8.GetByteCount(name) + 1);
        Encoding.UTF8.GetBytes(name, room);
        room[^1] = 0;
    }

    public void Element(byte type, ReadOnlySpan<byte> name, ReadOnlySpan<byte> value)
    {
        Byte(type);
        Bytes(name);
        Byte(0);
        Bytes(value);
    }

    public BsonOutput Add(string name, string value)
    {
        Name(2, name);
        Text(value);
        return this;
    }

    public BsonOutput Add(string name, int value)
    {
        Name(16, name);
        Int32(value);
        return this;
    }

    public BsonOutput Add(string name, long value)
    {
        Name(18, name);
        Int64(value);
        return this;
    }

    public BsonOutput Add(string name, double value)
    {
        Name(1, name);
        Double(value);
        return this;
    }

    public BsonOutput Add(string name, bool value)
    {
        Name(8, name);
        Byte(value ? (byte)1 : (byte)0);
        return this;
    }

    public BsonOutput Add(string name, RawBson document, bool isArray = false)
    {
        Name(isArray ? (byte)4 : (byte)3, name);
        Bytes(document.Memory.Span);
        return this;
    }

    public BsonOutput Add(string name, BsonValue value)
    {
        new BsonValueWriter(this).Element(name, value);
        return this;
    }

    public void Document(BsonDocument document) => new BsonValueWriter(this).Document(document);

    /// <summary>A value of a class, by its serializer.</summary>
    public void Document<T>(T value)
    {
        if (value is BsonDocument document && value is not (RawBsonDocument or LazyBsonDocument))
        {
            Document(document);
            return;
        }

        if (value is RawBson raw)
        {
            Bytes(raw.Memory.Span);
            return;
        }

        using var stream = new MemoryStream();
        using (var writer = new BsonBinaryWriter(stream))
        {
            BsonSerializer.Serialize(writer, typeof(T) == typeof(object) ? value!.GetType() : typeof(T), value);
        }

        Bytes(stream.GetBuffer().AsSpan(0, (int)stream.Length));
    }

    private Span<byte> Room(int count)
    {
        if (_bytes.Length - Length < count)
        {
            Array.Resize(ref _bytes, Math.Max(_bytes.Length * 2, Length + count));
        }

        var room = _bytes.AsSpan(Length, count);
        Length += count;
        return room;
    }
}
