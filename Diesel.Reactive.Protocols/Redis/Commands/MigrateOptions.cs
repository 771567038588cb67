namespace Diesel.Reactive.Protocols.Redis;

/// <summary>How <c>Migrate</c> moves keys to another server.</summary>
public readonly record struct MigrateOptions
{
    /// <summary>Its database; default 0.</summary>
    public int Database { get; init; }

    /// <summary>How long the other server may be silent; null: 5 seconds.</summary>
    public TimeSpan? Wait { get; init; }

    /// <summary>Whether the keys stay here as well.</summary>
    public bool Copy { get; init; }

    /// <summary>Whether what is there may be overwritten.</summary>
    public bool Replace { get; init; }

    /// <summary>Whose password it is, there; null: the default user's.</summary>
    public string? User { get; init; }

    /// <summary>The other server's password; null: it needs none.</summary>
    public string? Password { get; init; }

    internal Bytes Milliseconds => Reply.Milliseconds(Wait ?? TimeSpan.FromSeconds(5));

    internal ReadOnlySpan<Bytes> Words() => (Bytes[])
    [
        .. "COPY".If(Copy),
        .. "REPLACE".If(Replace),
        .. Password is null ? [] : User is null ? (Bytes[])["AUTH", Password] : ["AUTH2", User, Password],
    ];

    /// <summary>The options without their secret.</summary>
    public override string ToString() => $"{nameof(MigrateOptions)} {{ {nameof(Database)} = {Database}, {nameof(User)} = {User}, {nameof(Password)} = {(Password is null ? "" : "***")} }}";
}
