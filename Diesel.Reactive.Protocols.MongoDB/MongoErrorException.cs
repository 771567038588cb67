using MongoDB.Bson;

namespace Diesel.Reactive.Protocols.MongoDB;

/// <summary>The server said no.</summary>
/// <remarks>The connection is unharmed, and so are all other calls.</remarks>
public class MongoErrorException : Exception
{
    /// <summary>Makes an exception of a reply that says no.</summary>
    /// <param name="message">The server's text.</param>
    /// <param name="code">The server's number; 0: it gave none.</param>
    /// <param name="codeName">The server's name for it; empty: it gave none.</param>
    /// <param name="labels">What a client may do about it, as <c>RetryableWriteError</c>.</param>
    /// <param name="reply">The whole reply; null: there is none.</param>
    public MongoErrorException(string message, int code = 0, string codeName = "", IEnumerable<string>? labels = null, BsonDocument? reply = null)
        : base(message) => (Code, CodeName, Labels, Reply) = (code, codeName, [.. labels ?? []], reply ?? []);

    /// <summary>The server's number for it; 0: it gave none.</summary>
    public int Code { get; }

    /// <summary>The server's name for it; empty: it gave none.</summary>
    public string CodeName { get; }

    /// <summary>What a client may do about it.</summary>
    public IReadOnlyList<string> Labels { get; }

    /// <summary>What the server answered.</summary>
    public BsonDocument Reply { get; }

    /// <summary>Whether single writes were refused: that says nothing of the server.</summary>
    internal virtual bool IsOfWrites => false;

    /// <summary>Of a reply that says no.</summary>
    internal static MongoErrorException Of(RawBson reply)
    {
        var error = reply["errmsg"u8];
        var code = reply["code"u8];
        var name = reply["codeName"u8];
        return new(
            error.IsNull ? $"The server said no: {reply}" : error.ToText(), code.IsNull ? 0 : (int)code.ToInt64(), name.IsNull ? "" : name.ToText(), LabelsIn(reply), reply.ToDocument());
    }

    /// <summary>Of what a reply says of its write concern.</summary>
    internal static MongoErrorException OfConcern(RawBson reply, RawBson concern)
    {
        var (error, code, name) = (concern["errmsg"u8], concern["code"u8], concern["codeName"u8]);
        return new(error.IsNull ? $"{concern}" : error.ToText(), code.IsNull ? 0 : (int)code.ToInt64(), name.IsNull ? "" : name.ToText(), LabelsIn(reply), reply.ToDocument());
    }

    internal static IEnumerable<string> LabelsIn(RawBson reply) => reply["errorLabels"u8] is { Type: BsonType.Array } labels
        ? labels.ToBsonValue().AsBsonArray.Where(static label => label.IsString).Select(static label => label.AsString)
        : [];
}
