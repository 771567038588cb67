namespace Diesel.Reactive.Protocols.MongoDB;

/// <summary>Which failures are those of the moment.</summary>
/// <remarks>Source: the driver specifications' <c>retryable-reads</c>.</remarks>
internal static class MongoRetry
{
    // HostUnreachable, HostNotFound, NetworkTimeout, ShutdownInProgress, ReadConcernMajorityNotAvailableYet, PrimarySteppedDown, ExceededTimeLimit, SocketException,
    // NotWritablePrimary, InterruptedAtShutdown, InterruptedDueToReplStateChange, NotPrimaryNoSecondaryOk, NotPrimaryOrSecondary.
    private static readonly HashSet<int> Codes = [6, 7, 89, 91, 134, 189, 262, 9001, 10107, 11600, 11602, 13435, 13436];

    /// <summary>Whether reading may go better the next time.</summary>
    public static bool IsWorthIt(Exception error) => error is ConnectionException or EndOfStreamException || (error is MongoErrorException { Code: var code } && Codes.Contains(code));
}
