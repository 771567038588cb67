namespace Diesel.Reactive;

/// <summary>What lends items for uses: one pool, or several.</summary>
internal interface IBorrowed<T>
{
    Hub Hub { get; }

    /// <summary>Whether an item may be lent again whose use was given up.</summary>
    bool ReusesAbandoned(Lease<T> lease);

    /// <summary>Is told how a use came out.</summary>
    void Used(Lease<T> lease, Exception? error)
    {
    }
}
