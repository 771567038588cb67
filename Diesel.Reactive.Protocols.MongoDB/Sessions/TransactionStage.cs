namespace Diesel.Reactive.Protocols.MongoDB;

/// <summary>How far a session is with its transaction.</summary>
internal enum TransactionStage
{
    /// <summary>There is none.</summary>
    None,

    /// <summary>Nothing of it was sent yet.</summary>
    Starting,

    /// <summary>The server knows it.</summary>
    Running,

    /// <summary>It was committed, or was to be.</summary>
    Committed,

    /// <summary>It was given up.</summary>
    Aborted,
}
