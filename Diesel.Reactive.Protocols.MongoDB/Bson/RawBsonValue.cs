using System.Buffers.Binary;
using System.Text;
using MongoDB.Bson;

namespace Diesel.Reactive.Protocols.MongoDB;

/// <summary>A value of a <see cref="RawBson"/>, as it was received.</summary>
public readonly struct RawBsonValue
{
    internal RawBsonValue(BsonType type, ReadOnlyMemory<byte> bytes) => (Type, Bytes) = (type, bytes);

    /// <summary>What it is.</summary>
    public BsonType Type { get; }

    /// <summary>Its bytes, of a text and a binary value with their length.</summary>
    public ReadOnlyMemory<byte> Bytes { get; }

    /// <summary>Whether it is missing, or null.</summary>
    public bool IsNull => Type is BsonType.EndOfDocument or BsonType.Null or BsonType.Undefined;

    /// <summary>A number without what is behind its point.</summary>
    /// <returns>Of a boolean 0 or 1.</returns>
    /// <exception cref="FormatException">It is no number, or does not fit.</exception>
    public long ToInt64() => Type switch
    {
        BsonType.Int32 => BinaryPrimitives.ReadInt32LittleEndian(Bytes.Span),
        BsonType.Int64 or BsonType.DateTime or BsonType.Timestamp => BinaryPrimitives.ReadInt64LittleEndian(Bytes.Span),
        BsonType.Double when BinaryPrimitives.ReadDoubleLittleEndian(Bytes.Span) is >= -9.2e18 and <= 9.2e18 and var number => (long)number,
        BsonType.Boolean => Bytes.Span[0],
        BsonType.Decimal128 => (long)Decimal128.ToDecimal(ToBsonValue().AsDecimal128),
        _ => throw new FormatException($"A {Type} is no whole number."),
    };

    /// <summary>A number.</summary>
    /// <returns>The number.</returns>
    /// <exception cref="FormatException">It is none.</exception>
    public double ToDouble() => Type == BsonType.Double ? BinaryPrimitives.ReadDoubleLittleEndian(Bytes.Span) : ToInt64();

    /// <summary>Whether it counts as true: a boolean, or a number that is not 0.</summary>
    /// <returns>False also of what is missing or null.</returns>
    /// <exception cref="FormatException">It is neither.</exception>
    public bool ToBoolean() => !IsNull && ToDouble() != 0;

    /// <summary>A text.</summary>
    /// <returns>The text; what is no UTF-8 in it is replaced.</returns>
    /// <exception cref="FormatException">It is none.</exception>
    public string ToText() => Type is BsonType.String or BsonType.Symbol or BsonType.JavaScript
        ? Encoding.UTF8.GetString(Bytes.Span[4..^1])
        : throw new FormatException($"A {Type} is no text.");

    /// <summary>A document or an array.</summary>
    /// <returns>An array is a document whose names are its indexes.</returns>
    /// <exception cref="FormatException">It is neither.</exception>
    public RawBson ToDocument() => Type is BsonType.Document or BsonType.Array ? new(Bytes) : throw new FormatException($"A {Type} is no document.");

    /// <summary>The value as MongoDB.Bson has it.</summary>
    /// <returns>A value of its own.</returns>
    /// <exception cref="ProtocolException">What is in it is no such value (a text that is no UTF-8).</exception>
    public BsonValue ToBsonValue()
    {
        try
        {
            // A pattern has no length: where it ends is known within its document alone.
            return Type switch
            {
                BsonType.EndOfDocument => throw new FormatException("What is missing is no value."),
                BsonType.RegularExpression => ByItsSerializer(),
                _ => new BsonValueReader(Bytes).Value((byte)Type),
            };
        }
        catch (Exception error) when (error is DecoderFallbackException or InvalidOperationException)
        {
            throw new ProtocolException($"A value is no BSON: {error.Message}", error);
        }
    }

    /// <summary>The same, by MongoDB.Bson's own way.</summary>
    internal BsonValue ByItsSerializer()
    {
        var output = BsonOutput.Rent();
        var whole = output.Begin();
        output.Element((byte)Type, "v"u8, Bytes.Span);
        output.End(whole);
        return new RawBson(output.Take()).ByItsSerializer<BsonDocument>()["v"];
    }

    /// <summary>The value as JSON shows it.</summary>
    public override string ToString() => Type == BsonType.EndOfDocument ? "" : ToBsonValue().ToJson();
}
