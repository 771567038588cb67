using System.Globalization;
using MongoDB.Bson;
using MongoDB.Bson.IO;
using MongoDB.Bson.Serialization;

namespace Diesel.Reactive.Protocols.MongoDB;

/// <summary>Writes the values of MongoDB.Bson.</summary>
internal readonly struct BsonValueWriter(BsonOutput output, int depth = 0)
{
    public void Document(BsonDocument document)
    {
        if (document is RawBsonDocument or LazyBsonDocument)
        {
            output.Bytes(document.ToBson());
            return;
        }

        var inner = Deeper();
        var whole = output.Begin();
        foreach (var element in document)
        {
            inner.Element(element.Name, element.Value);
        }

        output.End(whole);
    }

    public void Element(ReadOnlySpan<char> name, BsonValue value)
    {
        output.Name((byte)value.BsonType, name);
        switch (value)
        {
            case BsonDocument document:
                Document(document);
                break;
            case BsonArray array:
                Array(array);
                break;
            case BsonString text:
                output.Text(text.Value);
                break;
            case BsonInt32 number:
                output.Int32(number.Value);
                break;
            case BsonInt64 number:
                output.Int64(number.Value);
                break;
            case BsonDouble number:
                output.Double(number.Value);
                break;
            case BsonBoolean truth:
                output.Byte(truth.Value ? (byte)1 : (byte)0);
                break;
            case BsonDateTime time:
                output.Int64(time.MillisecondsSinceEpoch);
                break;
            case BsonObjectId id:
                output.Bytes(id.Value.ToByteArray());
                break;
            default:
                Rare(value);
                break;
        }
    }

    private void Array(BsonArray array)
    {
        var inner = Deeper();
        var whole = output.Begin();
        Span<char> index = stackalloc char[11];
        for (var i = 0; i < array.Count; i++)
        {
            i.TryFormat(index, out var length, default, CultureInfo.InvariantCulture);
            inner.Element(index[..length], array[i]);
        }

        output.End(whole);
    }

    // What nobody writes often is written by MongoDB.Bson.
    private void Rare(BsonValue value)
    {
        if (value is BsonNull or BsonUndefined or BsonMinKey or BsonMaxKey)
        {
            return;
        }

        using var stream = new MemoryStream();
        using var writer = new BsonBinaryWriter(stream);
        writer.WriteStartDocument();
        writer.WriteName("");
        BsonSerializer.Serialize(writer, typeof(BsonValue), value);
        writer.WriteEndDocument();

        // Its length, its type, no name; at its end a zero.
        output.Bytes(stream.GetBuffer().AsSpan(6, (int)stream.Length - 7));
    }

    private BsonValueWriter Deeper() => depth < BsonWalk.MaxDepth
        ? new(output, depth + 1)
        : throw new ArgumentException($"Documents are more than {BsonWalk.MaxDepth} levels inside one another.");
}
