namespace Diesel.Reactive.Protocols.MongoDB;

/// <summary>What holds of a session.</summary>
public sealed record MongoSessionOptions
{
    /// <summary>Whether what is read with it is at least as new as what was read or written with it before, at whichever server. Default true.</summary>
    public bool IsCausal { get; init; } = true;
}

/// <summary>What holds of a transaction.</summary>
public sealed record MongoTransactionOptions
{
    /// <summary>How certain what is read has to be; null: as the client has it.</summary>
    public ReadConcern? ReadConcern { get; init; }

    /// <summary>When the transaction counts as written; null: as the client has it.</summary>
    public WriteConcern? WriteConcern { get; init; }

    /// <summary>How long the server may take for the end; null: as long as the call may.</summary>
    public TimeSpan? MaxCommitTime { get; init; }
}
