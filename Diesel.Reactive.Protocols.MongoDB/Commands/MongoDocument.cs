using System.Text.Json;
using MongoDB.Bson;
using MongoDB.Bson.Serialization;

namespace Diesel.Reactive.Protocols.MongoDB;

/// <summary>What users write documents with: a <see cref="BsonDocument"/>, JSON, an object whose properties are its names.</summary>
internal static class MongoDocument
{
    private static readonly RawBson Empty = new(new byte[] { 5, 0, 0, 0, 0 });

    /// <summary>A filter, a projection and their like.</summary>
    /// <exception cref="ArgumentException">It is no document.</exception>
    public static RawBson Of(object? value)
    {
        try
        {
            return value switch
            {
                null => Empty,
                RawBson raw => raw.Memory.IsEmpty ? Empty : raw,
                BsonDocument document => RawBson.Of(document),
                string json => RawBson.Of(BsonDocument.Parse(json)),
                BsonValue or ValueType or System.Collections.IEnumerable and not IDictionary<string, object> => throw new ArgumentException($"A {value.GetType().Name} is no document."),
                _ => Written(value),
            };
        }
        catch (Exception error) when (error is FormatException or BsonSerializationException or JsonException or InvalidOperationException or EndOfStreamException)
        {
            throw new ArgumentException($"This is no document: {error.Message}", error);
        }
    }

    /// <summary>An update: a document whose names begin with <c>$</c>, or several stages of a pipeline.</summary>
    /// <exception cref="ArgumentException">It is neither.</exception>
    public static BsonValue Update(object update)
    {
        ArgumentNullException.ThrowIfNull(update);
        if (Stages(update) is { } stages)
        {
            return stages;
        }

        var document = Of(update).ToDocument();
        return document.ElementCount > 0 && document.Names.All(static name => name.StartsWith('$'))
            ? document
            : throw new ArgumentException("An update says what is done: each of its names begins with '$', as in { $set: { a: 1 } }. To put another document in its place there is ReplaceOne.", nameof(update));
    }

    /// <summary>A document that takes another's place.</summary>
    /// <exception cref="ArgumentException">It is an update.</exception>
    public static RawBson Replacement<T>(T document)
    {
        var raw = Value(document);
        foreach (var element in raw.Items)
        {
            return element.NameBytes is [(byte)'$', ..]
                ? throw new ArgumentException("A document that takes another's place has no name that begins with '$': to change parts of one there are UpdateOne and UpdateMany.", nameof(document))
                : raw;
        }

        return raw;
    }

    /// <summary>A document to be stored, which has an <c>_id</c>.</summary>
    /// <param name="document">What is to be stored.</param>
    /// <param name="id">Its <c>_id</c>.</param>
    public static RawBson WithId<T>(T document, out BsonValue id)
    {
        ArgumentNullException.ThrowIfNull(document);
        GiveId(document);
        var raw = Value(document);
        if (raw["_id"u8] is { Type: not BsonType.EndOfDocument } own)
        {
            id = own.ToBsonValue();
            return raw;
        }

        id = ObjectId.GenerateNewId();
        var output = BsonOutput.Rent();
        var whole = output.Begin();
        output.Add("_id", id);
        output.Bytes(raw.Memory.Span[4..^1]);
        output.End(whole);
        return new(output.Take());
    }

    /// <summary>The order of a sort or an index: a document, or names parted by commas, those with a <c>-</c> before them downwards.</summary>
    public static RawBson Order(object order) => order is string text && !text.TrimStart().StartsWith('{')
        ? RawBson.Of(new BsonDocument(text.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries)
            .Select(static name => name[0] == '-' ? new BsonElement(name[1..], -1) : new BsonElement(name, 1))))
        : Of(order);

    /// <summary>Stages of a pipeline.</summary>
    public static BsonArray Pipeline(IEnumerable<object> stages) => [.. stages.Select(static stage => Of(stage).ToDocument())];

    private static BsonArray? Stages(object update) => update switch
    {
        BsonArray array => array,
        string text when text.TrimStart().StartsWith('[') => BsonSerializer.Deserialize<BsonArray>(text),
        IEnumerable<BsonDocument> stages => [.. stages],
        _ => null,
    };

    private static RawBson Value<T>(T document) => document is BsonDocument or RawBson or string ? Of(document) : Written(document!);

    private static RawBson Written<T>(T value)
    {
        var output = BsonOutput.Rent();
        output.Document(value);
        return new(output.Take());
    }

    // As MongoDB.Driver does: a class that leaves its id empty is given one.
    private static void GiveId<T>(T document)
    {
        if (document is not (BsonDocument or RawBson or string) && BsonSerializer.LookupSerializer(document!.GetType()) is IBsonIdProvider provider
            && provider.GetDocumentId(document, out var id, out _, out var generator) && generator is not null && generator.IsEmpty(id))
        {
            provider.SetDocumentId(document, generator.GenerateId(null, document));
        }
    }
}
