namespace Diesel.Reactive.Protocols.MongoDB;

/// <summary>Where the batches of one subscription to a cursor come from. The hub's thread only.</summary>
internal interface ICursorSource
{
    /// <summary>Begins it.</summary>
    Awaitable<CursorBatch> First();

    /// <summary>Goes on.</summary>
    /// <param name="last">What was given last.</param>
    Awaitable<CursorBatch> More(CursorBatch last);

    /// <summary>A document is handed out.</summary>
    void Give(RawBson document);

    /// <summary>Nobody wants more.</summary>
    /// <param name="rest">What was given last; null: nothing was.</param>
    void End(CursorBatch? rest);
}
