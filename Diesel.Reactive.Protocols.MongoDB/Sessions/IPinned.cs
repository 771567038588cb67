namespace Diesel.Reactive.Protocols.MongoDB;

/// <summary>What stays with a transaction as long as that lasts.</summary>
internal interface IPinned
{
    /// <summary>It is over.</summary>
    void Return();
}
