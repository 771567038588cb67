namespace Diesel.Reactive.Protocols.MongoDB;

/// <summary>By which errors a server says that it is not what it was.</summary>
/// <remarks>Source: the driver specifications' <c>server-discovery-and-monitoring</c>, "not writable primary" and "node is recovering".</remarks>
internal static class MongoStateChange
{
    // NotWritablePrimary, NotPrimaryNoSecondaryOk, LegacyNotPrimary; InterruptedAtShutdown, InterruptedDueToReplStateChange, NotPrimaryOrSecondary, PrimarySteppedDown, ShutdownInProgress.
    public static bool IsMeantBy(int code) => code is 10107 or 13435 or 10058 or 11600 or 11602 or 13436 or 189 or 91;

    /// <summary>Whether it shuts down: then its connections end as well.</summary>
    public static bool ClearsPool(int code) => code is 11600 or 91;
}
