namespace Diesel.Reactive.Protocols.Memcached;

/// <summary>When a value is stored, and where.</summary>
public enum StoreMode
{
    /// <summary>Always.</summary>
    Set,

    /// <summary>If there is none.</summary>
    Add,

    /// <summary>If there is one.</summary>
    Replace,

    /// <summary>Behind the one that is there.</summary>
    Append,

    /// <summary>Before the one that is there.</summary>
    Prepend,
}
