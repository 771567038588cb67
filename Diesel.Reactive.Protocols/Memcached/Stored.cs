namespace Diesel.Reactive.Protocols.Memcached;

/// <summary>What became of a value.</summary>
public enum Stored
{
    /// <summary>It is there.</summary>
    Stored,

    /// <summary>It is not, as its mode asks for what is not so: <see cref="StoreMode.Add"/>, and there is one.</summary>
    NotStored,

    /// <summary>It is not, as somebody has changed what was there.</summary>
    Exists,

    /// <summary>It is not, as what was there is gone.</summary>
    NotFound,
}
