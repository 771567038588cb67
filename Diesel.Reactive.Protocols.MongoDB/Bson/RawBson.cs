using System.Runtime.InteropServices;
using System.Text;
using MongoDB.Bson;
using MongoDB.Bson.IO;
using MongoDB.Bson.Serialization;

namespace Diesel.Reactive.Protocols.MongoDB;

/// <summary>A document as it was received: bytes that have been checked, and are parsed when somebody asks.</summary>
/// <remarks>A slice of what the connection received, which it holds as long as it is kept. Equal when the bytes are.</remarks>
public readonly struct RawBson : IEquatable<RawBson>
{
    internal RawBson(ReadOnlyMemory<byte> memory) => Memory = memory;

    /// <summary>The document with its length; of <c>default</c> nothing.</summary>
    public ReadOnlyMemory<byte> Memory { get; }

    /// <summary>Its names and values, in order.</summary>
    public Elements Items => new(Memory);

    /// <summary>A value.</summary>
    /// <param name="name">Its name.</param>
    /// <returns>Of what is not there one that <see cref="RawBsonValue.IsNull"/>.</returns>
    public RawBsonValue this[string name] => this[(ReadOnlySpan<byte>)Encoding.UTF8.GetBytes(name)];

    /// <summary>A value.</summary>
    /// <param name="name">Its name as UTF-8.</param>
    /// <returns>Of what is not there one that <see cref="RawBsonValue.IsNull"/>.</returns>
    public RawBsonValue this[ReadOnlySpan<byte> name]
    {
        get
        {
            foreach (var element in Items)
            {
                if (element.NameBytes.SequenceEqual(name))
                {
                    return element.Value;
                }
            }

            return default;
        }
    }

    /// <summary>Whether the bytes are the same.</summary>
    /// <param name="left">One.</param>
    /// <param name="right">The other.</param>
    public static bool operator ==(RawBson left, RawBson right) => left.Equals(right);

    /// <summary>Whether the bytes differ.</summary>
    /// <param name="left">One.</param>
    /// <param name="right">The other.</param>
    public static bool operator !=(RawBson left, RawBson right) => !left.Equals(right);

    /// <summary>Takes bytes that are one document, and nothing behind it.</summary>
    /// <param name="bytes">Must not change afterwards.</param>
    /// <returns>The document.</returns>
    /// <exception cref="ProtocolException">They are none; documents may be 200 levels inside one another.</exception>
    public static RawBson Parse(ReadOnlyMemory<byte> bytes) => BsonWalk.Check(bytes.Span) is var length && length == bytes.Length
        ? new(bytes)
        : throw new ProtocolException($"Behind a document of {length} bytes there are {bytes.Length - length} more.");

    /// <summary>Writes a document as bytes.</summary>
    /// <param name="document">At most 200 levels deep; no name of it holds U+0000.</param>
    /// <returns>Bytes of its own.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="document"/> is null.</exception>
    /// <exception cref="ArgumentException">It is deeper, or a name holds what none may.</exception>
    public static RawBson Of(BsonDocument document)
    {
        ArgumentNullException.ThrowIfNull(document);
        var output = BsonOutput.Rent();
        output.Document(document);
        return new(output.Take());
    }

    /// <summary>The document as MongoDB.Bson has it.</summary>
    /// <returns>A document of its own.</returns>
    /// <exception cref="ProtocolException">Something in it is no BSON: a text that is no UTF-8, a name that is there twice.</exception>
    public BsonDocument ToDocument() => To<BsonDocument>();

    /// <summary>The document as a value of a class, by the serializers of MongoDB.Bson.</summary>
    /// <typeparam name="T">What it becomes; <see cref="RawBson"/>: itself.</typeparam>
    /// <returns>The value.</returns>
    /// <exception cref="ProtocolException">Something in it is no BSON.</exception>
    /// <exception cref="BsonSerializationException">It is none of these; and what else the serializer throws.</exception>
    public T To<T>()
    {
        if (typeof(T) == typeof(RawBson))
        {
            return (T)(object)this;
        }

        return typeof(T) == typeof(BsonDocument) && !Memory.IsEmpty ? (T)(object)Parsed() : ByItsSerializer<T>();
    }

    /// <summary>The document by the serializers of MongoDB.Bson.</summary>
    internal T ByItsSerializer<T>()
    {
        using var reader = Reader();
        try
        {
            return BsonSerializer.Deserialize<T>(reader);
        }
        catch (Exception error) when (error is DecoderFallbackException or EndOfStreamException || (error is FormatException or InvalidOperationException && typeof(T) == typeof(BsonDocument)))
        {
            throw Wrong(error);
        }
    }

    /// <inheritdoc/>
    public bool Equals(RawBson other) => Memory.Span.SequenceEqual(other.Memory.Span);

    /// <inheritdoc/>
    public override bool Equals(object? obj) => obj is RawBson other && Equals(other);

    /// <inheritdoc/>
    public override int GetHashCode()
    {
        var hash = default(HashCode);
        hash.AddBytes(Memory.Span);
        return hash.ToHashCode();
    }

    /// <summary>The document as JSON shows it.</summary>
    public override string ToString() => Memory.IsEmpty ? "" : ToDocument().ToJson();

    private static ProtocolException Wrong(Exception error) => new($"A document is no BSON: {error.Message}", error);

    private BsonDocument Parsed()
    {
        try
        {
            return new BsonValueReader(Memory).Document();
        }
        catch (Exception error) when (error is DecoderFallbackException or InvalidOperationException)
        {
            throw Wrong(error);
        }
    }

    private BsonBinaryReader Reader()
    {
        var bytes = MemoryMarshal.TryGetArray(Memory, out var segment) ? segment : new(Memory.ToArray());
        var buffer = new ByteArrayBuffer(bytes.Array!, bytes.Offset + bytes.Count, isReadOnly: true);
        return new BsonBinaryReader(new ByteBufferStream(buffer, ownsBuffer: false) { Position = bytes.Offset });
    }

    /// <summary>A name and its value.</summary>
    public readonly ref struct Element
    {
        internal Element(ReadOnlySpan<byte> name, RawBsonValue value)
        {
            NameBytes = name;
            Value = value;
        }

        /// <summary>The name as UTF-8.</summary>
        public ReadOnlySpan<byte> NameBytes { get; }

        /// <summary>The name.</summary>
        public string Name => Encoding.UTF8.GetString(NameBytes);

        /// <summary>The value.</summary>
        public RawBsonValue Value { get; }
    }

    /// <summary>Goes through a document: for <c>foreach</c>.</summary>
    public ref struct Elements
    {
        private readonly ReadOnlyMemory<byte> _memory;
        private readonly ReadOnlySpan<byte> _bytes;
        private int _at;
        private int _name;
        private int _value;

        internal Elements(ReadOnlyMemory<byte> memory)
        {
            _memory = memory;
            _bytes = memory.Span;
            _at = 4;
        }

        /// <summary>The present one.</summary>
        public readonly Element Current => new(
            _bytes[_name..(_value - 1)], new((BsonType)_bytes[_name - 1], _memory[_value.._at]));

        /// <summary>Itself.</summary>
        /// <returns>One that begins here.</returns>
        public readonly Elements GetEnumerator() => this;

        /// <summary>Goes on to the next.</summary>
        /// <returns>False: there is none.</returns>
        public bool MoveNext()
        {
            if (_at >= _bytes.Length - 1)
            {
                return false;
            }

            _name = _at + 1;
            _value = BsonWalk.AfterName(_bytes, _name, _bytes.Length);
            _at = BsonWalk.AfterValue(_bytes, _bytes[_name - 1], _value);
            return true;
        }
    }
}
