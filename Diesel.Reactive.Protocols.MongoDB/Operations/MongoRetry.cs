namespace Diesel.Reactive.Protocols.MongoDB;

/// <summary>Which failures are those of the moment.</summary>
/// <remarks>Source: the driver specifications' <c>retryable-reads</c>, <c>retryable-writes</c> and <c>client-backpressure</c>.</remarks>
internal static class MongoRetry
{
    /// <summary>How often a request is sent again to servers that have too much to do.</summary>
    public const int MostForOverload = 2;

    // MongoDB 4.4: from then on the server says itself which writes may be repeated.
    private const int TellsByLabel = 9;

    // Only of reads: ReadConcernMajorityNotAvailableYet.
    private const int ReadsOnly = 134;

    private static readonly TimeSpan FirstWait = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan LongestWait = TimeSpan.FromSeconds(10);

    // HostUnreachable, HostNotFound, NetworkTimeout, ShutdownInProgress, ReadConcernMajorityNotAvailableYet, PrimarySteppedDown, ExceededTimeLimit, SocketException,
    // NotWritablePrimary, InterruptedAtShutdown, InterruptedDueToReplStateChange, NotPrimaryNoSecondaryOk, NotPrimaryOrSecondary.
    private static readonly HashSet<int> Codes = [6, 7, 89, 91, ReadsOnly, 189, 262, 9001, 10107, 11600, 11602, 13435, 13436];

    /// <summary>Whether the network has failed, and not the server.</summary>
    public static bool IsOfTheNetwork(Exception error) => error is ConnectionException or EndOfStreamException;

    /// <summary>Whether reading may go better the next time.</summary>
    public static bool IsWorthReading(Exception error) => IsOfTheNetwork(error) || (error is MongoErrorException { Code: var code } && Codes.Contains(code));

    /// <summary>Whether writing may go better the next time.</summary>
    /// <param name="error">How it has failed.</param>
    /// <param name="maxWireVersion">What the server speaks.</param>
    /// <param name="isRouter">Whether it is a router: its errors of a write concern say nothing.</param>
    public static bool IsWorthWriting(Exception error, int maxWireVersion, bool isRouter) => error switch
    {
        MongoErrorException { IsOfWrites: true } => false,
        MongoErrorException said => error.HasLabel(MongoLabels.RetryableWrite)
            || (maxWireVersion < TellsByLabel && !(isRouter && said.Reply.Contains("writeConcernError")) && IsWriteCode(error)),
        _ => IsOfTheNetwork(error),
    };

    /// <summary>Whether the server has too much to do, and has carried out nothing.</summary>
    public static bool IsOverload(Exception error) => error.HasLabel(MongoLabels.Overloaded) && error.HasLabel(MongoLabels.Retryable);

    /// <summary>How long is waited then.</summary>
    /// <param name="error">What the server said.</param>
    /// <param name="times">How often it was sent again already.</param>
    /// <param name="draw">From 0 to below 1.</param>
    public static TimeSpan Wait(Exception error, int times, double draw)
    {
        var first = error is MongoErrorException { Reply: var reply } && reply.TryGetValue("baseBackoffMS", out var told) && told is { IsNumeric: true } && told.ToDouble() is > 0 and < 1e9 and var ms
            ? TimeSpan.FromMilliseconds(ms)
            : FirstWait;
        var most = first * Math.Pow(2, times);
        return draw * (most < LongestWait ? most : LongestWait);
    }

    private static bool IsWriteCode(Exception error) => error is MongoErrorException { Code: not ReadsOnly and var code } && Codes.Contains(code);
}
