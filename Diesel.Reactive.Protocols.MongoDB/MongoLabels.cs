namespace Diesel.Reactive.Protocols.MongoDB;

/// <summary>What a client may do about an error, in the words of servers: <c>TransientTransactionError</c>.</summary>
public static class MongoLabels
{
    /// <summary>The transaction may go better from its beginning.</summary>
    public const string TransientTransaction = "TransientTransactionError";

    /// <summary>Nobody knows whether the transaction was committed: to say so again does no harm.</summary>
    public const string UnknownCommit = "UnknownTransactionCommitResult";

    internal const string RetryableWrite = "RetryableWriteError";
    internal const string NoWrites = "NoWritesPerformed";
    internal const string Retryable = "RetryableError";
    internal const string Overloaded = "SystemOverloadedError";
    internal const string ResumableChanges = "ResumableChangeStreamError";

    private const string Key = "Diesel.Reactive.Protocols.MongoDB.Labels";

    /// <summary>Whether an error has a label: given by the server, or by the client to an error that is none of the server's.</summary>
    /// <param name="error">Any error.</param>
    /// <param name="label">The label.</param>
    /// <returns>True: it has.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="error"/> is null.</exception>
    public static bool HasLabel(this Exception error, string label)
    {
        ArgumentNullException.ThrowIfNull(error);
        return error is MongoErrorException { Labels: var labels } && labels.Contains(label) || error.Data[Key] is List<string> own && own.Contains(label);
    }

    internal static void AddLabel(this Exception error, string label)
    {
        if (!error.HasLabel(label))
        {
            if (error.Data[Key] is List<string> own)
            {
                own.Add(label);
            }
            else
            {
                error.Data[Key] = new List<string> { label };
            }
        }
    }
}
