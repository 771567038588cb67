namespace Diesel.Reactive.Protocols.Redis;

/// <summary>What becomes of the libraries that are there when others are restored.</summary>
public enum FunctionRestorePolicy
{
    /// <summary>They stay; one of the same name is an error.</summary>
    Append,

    /// <summary>All are removed.</summary>
    Flush,

    /// <summary>They stay; one of the same name is replaced.</summary>
    Replace,
}
