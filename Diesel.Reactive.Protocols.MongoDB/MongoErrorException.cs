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

    /// <summary>Of a reply that says no.</summary>
    internal static MongoErrorException Of(RawBson reply)
    {
        var error = reply["errmsg"u8];
        var code = reply["code"u8];
        var name = reply["codeName"u8];
        return new(
            error.IsNull ? $"The server said no: {reply}" : error.ToText(), code.IsNull ? 0 : (int)code.ToInt64(), name.IsNull ? "" : name.ToText(), LabelsIn(reply), reply.ToDocument());
    }

    internal static IEnumerable<string> LabelsIn(RawBson reply) => reply["errorLabels"u8] is { Type: BsonType.Array } labels
        ? labels.ToBsonValue().AsBsonArray.Where(static label => label.IsString).Select(static label => label.AsString)
        : [];
}

/// <summary>Some of what was to be written was not.</summary>
/// <remarks>What was written before, and without an order also what came behind, stays written: see <see cref="Result"/>.</remarks>
public sealed class MongoWriteException : MongoErrorException
{
    internal MongoWriteException(BulkResult result, IReadOnlyList<MongoWriteError> errors, MongoWriteError? concern, IEnumerable<string> labels, BsonDocument reply)
        : base(Text(errors, concern), (errors.Count > 0 ? errors[0] : concern!).Code, (errors.Count > 0 ? errors[0] : concern!).CodeName, labels, reply) =>
        (Result, Errors, ConcernError) = (result, errors, concern);

    /// <summary>What was written all the same.</summary>
    public BulkResult Result { get; }

    /// <summary>What was not, by its place in what was to be written.</summary>
    public IReadOnlyList<MongoWriteError> Errors { get; }

    /// <summary>It was written, but not as safely as was asked for (its index is 0); null: it was.</summary>
    public MongoWriteError? ConcernError { get; }

    private static string Text(IReadOnlyList<MongoWriteError> errors, MongoWriteError? concern) => errors.Count switch
    {
        0 => $"It was written, but not as safely as was asked for: {concern!.Message}",
        1 => errors[0].Message,
        _ => $"{errors.Count} were not written; the first, at {errors[0].Index}: {errors[0].Message}",
    };
}

/// <summary>Why one of several was not written.</summary>
/// <param name="Index">Its place in what was to be written.</param>
/// <param name="Code">The server's number; 11000: there is one with this key.</param>
/// <param name="CodeName">The server's name for it; empty: it gave none.</param>
/// <param name="Message">The server's text.</param>
/// <param name="Details">What else the server said.</param>
public sealed record MongoWriteError(int Index, int Code, string CodeName, string Message, BsonDocument Details)
{
    internal static MongoWriteError Of(RawBson error, int offset) => new(
        (error["index"u8] is { IsNull: false } index ? (int)index.ToInt64() : 0) + offset,
        error["code"u8] is { IsNull: false } code ? (int)code.ToInt64() : 0,
        error["codeName"u8] is { IsNull: false } name ? name.ToText() : "",
        error["errmsg"u8] is { IsNull: false } text ? text.ToText() : "",
        error.ToDocument());
}
