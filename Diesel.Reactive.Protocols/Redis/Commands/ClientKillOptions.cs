namespace Diesel.Reactive.Protocols.Redis;

/// <summary>Which connections <c>ClientKill</c> ends: those that are all of what is said.</summary>
public sealed record ClientKillOptions
{
    /// <summary>The one with this number.</summary>
    public long? Id { get; init; }

    /// <summary>Those of a kind.</summary>
    public ClientKind? Kind { get; init; }

    /// <summary>Those of a user.</summary>
    public string? User { get; init; }

    /// <summary>Those from there: address and port.</summary>
    public string? Address { get; init; }

    /// <summary>Those to there: address and port.</summary>
    public string? LocalAddress { get; init; }

    /// <summary>Whether this connection stays; default true.</summary>
    public bool SkipMe { get; init; } = true;

    /// <exception cref="ArgumentException">Nothing is said.</exception>
    internal Bytes[] Words()
    {
        Bytes[] words =
        [
            .. Id is { } id ? new Bytes[] { "ID", id } : [],
            .. Kind is { } kind ? new Bytes[] { "TYPE", kind.Word() } : [],
            .. User is { } user ? new Bytes[] { "USER", user } : [],
            .. Address is { } address ? new Bytes[] { "ADDR", address } : [],
            .. LocalAddress is { } local ? new Bytes[] { "LADDR", local } : [],
        ];
        return words.Length == 0 ? throw new ArgumentException("It has to be said which connections are ended.") : [.. words, "SKIPME", SkipMe ? "yes" : "no"];
    }
}
