namespace Diesel.Reactive.Protocols.MongoDB;

/// <summary>What is said along with a request when it is sent.</summary>
/// <param name="Id">Its number.</param>
/// <param name="Connection">Where it goes.</param>
/// <param name="Left">How much time the server has; infinite: it is not told.</param>
internal readonly record struct MongoSending(int Id, MongoConnection Connection, TimeSpan Left)
{
    /// <summary>The server's session; null: none.</summary>
    public ServerSession? Session { get; init; }

    /// <summary>The number by which the server knows a write that is repeated, or a transaction; 0: none.</summary>
    public long TransactionNumber { get; init; }

    /// <summary>What the caller's session knows; null: it has none.</summary>
    public SessionState? State { get; init; }

    /// <summary>Whether it is the first of a transaction.</summary>
    public bool IsFirst { get; init; }

    /// <summary>When it counts as written; null: as the server says.</summary>
    public WriteConcern? Concern { get; init; }

    /// <summary>The time of the cluster; null: nobody told it, or the server does not want it.</summary>
    public RawBson? ClusterTime { get; init; }

    /// <summary>What the server is told of where it may be read; null: nothing.</summary>
    public ReadPreference? Preference { get; init; }
}
