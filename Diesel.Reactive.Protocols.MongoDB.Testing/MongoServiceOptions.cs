namespace Diesel.Reactive.Protocols.MongoDB.Testing;

/// <summary>Who may log in to a <see cref="MongoService"/>.</summary>
/// <param name="Name">The user.</param>
/// <param name="Password">The secret.</param>
/// <param name="Database">The database that knows the user.</param>
public sealed record MongoUser(string Name, string Password, string Database = "admin")
{
    /// <summary>The user without the secret.</summary>
    public override string ToString() => $"{Name}@{Database}";
}

/// <summary>What a <see cref="MongoService"/> says of itself, and what bounds it.</summary>
public sealed record MongoServiceOptions : TcpServiceOptions
{
    /// <summary>Makes the defaults: output for the largest reply there may be.</summary>
    public MongoServiceOptions() => MaxPendingBytes = 128 * 1024 * 1024;

    /// <summary>Who may log in, with SCRAM-SHA-1 or SCRAM-SHA-256. None, the default: everybody may do everything.</summary>
    public IReadOnlyList<MongoUser> Users { get; init; } = [];

    /// <summary>The newest version of the protocol that is spoken: 9, the default, is MongoDB 4.4.</summary>
    public int MaxWireVersion { get; init; } = 9;

    /// <summary>Documents that one command may write; default 100 000.</summary>
    public int MaxBatch { get; init; } = 100_000;

    /// <summary>Whether compressed messages are taken; default true.</summary>
    public bool Compresses { get; init; } = true;
}
