namespace Diesel.Reactive.Protocols.Riak.Testing;

/// <summary>Who may log in to a <see cref="RiakService"/>.</summary>
/// <param name="Name">The user.</param>
/// <param name="Password">The secret. Null: none, but a certificate with this very name, where <see cref="RiakServiceOptions.Security"/> asks for one.</param>
public sealed record RiakUser(string Name, string? Password = null)
{
    /// <summary>The user without the secret.</summary>
    public override string ToString() => Name;
}

/// <summary>What a <see cref="RiakService"/> has, and what bounds it.</summary>
public sealed record RiakServiceOptions : TcpServiceOptions
{
    /// <summary>Makes the defaults: output for the largest message there may be.</summary>
    public RiakServiceOptions() => MaxPendingBytes = 128 * 1024 * 1024;

    /// <summary>Types of buckets, and what holds of each. Default: <c>default</c>, <c>mult</c> (keeps siblings), <c>counters</c>, <c>sets</c>, <c>gsets</c>.</summary>
    public IReadOnlyDictionary<string, BucketProperties> Types { get; init; } = new Dictionary<string, BucketProperties>
    {
        ["default"] = new() { AllowMult = false },
        ["mult"] = new() { AllowMult = true },
        ["counters"] = new() { AllowMult = true, DataType = "counter" },
        ["sets"] = new() { AllowMult = true, DataType = "set" },
        ["gsets"] = new() { AllowMult = true, DataType = "gset" },
    };

    /// <summary>How security is turned on: with which certificate TLS is spoken when a client asks for it. Null, the default: security is off.</summary>
    public TlsServerOptions? Security { get; init; }

    /// <summary>Who may log in where security is on.</summary>
    public IReadOnlyList<RiakUser> Users { get; init; } = [];

    /// <summary>How long a wrong password waits for its answer; default 5 s, as a node has it.</summary>
    public TimeSpan RefusalDelay { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>How long it is remembered that a key was deleted; default 3 s, as a node has it.</summary>
    public TimeSpan TombstoneLife { get; init; } = TimeSpan.FromSeconds(3);

    /// <summary>Keys in a frame of a list; default 100.</summary>
    public int KeysPerFrame { get; init; } = 100;
}
