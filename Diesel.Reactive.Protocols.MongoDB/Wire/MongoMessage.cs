namespace Diesel.Reactive.Protocols.MongoDB;

/// <summary>A message, from a client or a server.</summary>
/// <remarks>Its documents are slices of what was received.</remarks>
public sealed record MongoMessage
{
    /// <summary>The sender's number for it.</summary>
    public int RequestId { get; init; }

    /// <summary>The number of what it answers; 0 of a request.</summary>
    public int ResponseTo { get; init; }

    /// <summary>How it is written; what is older than <see cref="MongoOperation.Message"/> only greets.</summary>
    public MongoOperation Operation { get; init; } = MongoOperation.Message;

    /// <summary>What else holds of it.</summary>
    public MongoFlags Flags { get; init; }

    /// <summary>The command, or the reply to it.</summary>
    public required RawBson Body { get; init; }

    /// <summary>Documents that a command takes, by the names of its fields; none twice.</summary>
    public IReadOnlyList<MongoSection> Sections { get; init; } = [];

    /// <summary>Of a <see cref="MongoOperation.Query"/> what it asks: <c>admin.$cmd</c>.</summary>
    public string Collection { get; init; } = "";

    /// <summary>Whether it came compressed, or is to go so.</summary>
    public MongoCompressor Compressor { get; init; }
}

/// <summary>Documents of a message that are a field of its command.</summary>
/// <param name="Name">The field: <c>documents</c>, <c>updates</c>, <c>deletes</c>.</param>
/// <param name="Documents">In order.</param>
public sealed record MongoSection(string Name, IReadOnlyList<RawBson> Documents);

/// <summary>How messages are written.</summary>
public enum MongoOperation
{
    /// <summary><c>OP_REPLY</c>: what old servers, and servers asked by an <c>OP_QUERY</c>, answer.</summary>
    Reply = 1,

    /// <summary><c>OP_QUERY</c>: what old clients greet with.</summary>
    Query = 2004,

    /// <summary><c>OP_COMPRESSED</c>: another one within.</summary>
    Compressed = 2012,

    /// <summary><c>OP_MSG</c>.</summary>
    Message = 2013,
}

/// <summary>What holds of an <c>OP_MSG</c>.</summary>
/// <remarks>Source: the driver specifications' <c>OP_MSG</c>: of the lower 16 bits all must be known, of the others none.</remarks>
[Flags]
public enum MongoFlags
{
    /// <summary>Nothing.</summary>
    None = 0,

    /// <summary>It ends with a CRC-32C of all that stands before.</summary>
    Checksum = 1,

    /// <summary>Another one follows: without a reply to this one.</summary>
    MoreToCome = 2,

    /// <summary>Whoever asks takes several replies.</summary>
    ExhaustAllowed = 1 << 16,
}

/// <summary>How messages are made smaller.</summary>
public enum MongoCompressor
{
    /// <summary>They are not.</summary>
    None = 0,

    /// <summary>As RFC 1950 says.</summary>
    Zlib = 2,
}
