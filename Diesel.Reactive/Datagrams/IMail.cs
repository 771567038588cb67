namespace Diesel.Reactive;

/// <summary>A mailbox, as the bound on it and others sees it.</summary>
internal interface IMail
{
    /// <summary>Items nobody has read.</summary>
    int Count { get; }

    /// <summary>Drops one, which there is.</summary>
    void DropOldest();
}
