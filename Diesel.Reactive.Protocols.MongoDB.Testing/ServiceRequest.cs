using MongoDB.Bson;

namespace Diesel.Reactive.Protocols.MongoDB.Testing;

/// <summary>A command that came.</summary>
internal sealed class ServiceRequest
{
    private readonly IReadOnlyList<MongoSection> _sections;

    public ServiceRequest(MongoMessage message)
    {
        (Body, _sections) = (message.Body.ToDocument(), message.Sections);
        Name = Body.ElementCount > 0 ? Body.GetElement(0).Name : "";
        Database = Body.TryGetValue("$db", out var database) && database is BsonString name ? name.Value : message.Collection.Split('.')[0];
    }

    public BsonDocument Body { get; }

    /// <summary>The command with the documents that came beside it.</summary>
    public BsonDocument Whole => _sections.Count == 0 ? Body
        : new BsonDocument(Body).AddRange(_sections.ToDictionary(static section => section.Name, static section => (object)new BsonArray(section.Documents.Select(static raw => raw.ToDocument()))));

    public string Name { get; }

    public string Database { get; }

    /// <summary>The collection it is about.</summary>
    /// <exception cref="MongoErrorException">It names none.</exception>
    public string Collection => Body[0] is BsonString { Value: { Length: > 0 } name } ? name
        : throw new MongoErrorException($"collection name has invalid type {Body[0].BsonType}", 73, "InvalidNamespace");

    public BsonValue this[string name] => Body.GetValue(name, BsonNull.Value);

    public BsonDocument Document(string name) => this[name] as BsonDocument ?? [];

    public int? Number(string name) => this[name] is { IsNumeric: true } number ? (int)Math.Clamp(number.ToDouble(), int.MinValue, int.MaxValue) : null;

    public bool Flag(string name, bool otherwise = false) => this[name] is { IsBsonNull: false } flag ? flag.ToBoolean() : otherwise;

    /// <summary>Documents it takes, in itself or beside it.</summary>
    public IReadOnlyList<BsonDocument> Documents(string name) => _sections.FirstOrDefault(section => section.Name == name) is { } section
        ? [.. section.Documents.Select(static raw => raw.ToDocument())]
        : [.. (this[name] as BsonArray ?? []).Select(static each => each.AsBsonDocument)];
}
