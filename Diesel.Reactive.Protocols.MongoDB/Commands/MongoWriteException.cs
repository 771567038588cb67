using MongoDB.Bson;

namespace Diesel.Reactive.Protocols.MongoDB;

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

    internal override bool IsOfWrites => Errors.Count > 0;

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
