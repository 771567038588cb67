namespace Diesel.Reactive.Protocols.Riak;

/// <summary>A value and what is known of it. A text is a content of its UTF-8 bytes.</summary>
/// <remarks>Null is absent, which is something else than empty.</remarks>
public sealed record RiakContent
{
    /// <summary>Makes a content.</summary>
    /// <param name="value">May be empty.</param>
    public RiakContent(Bytes value) => Value = value;

    /// <summary>The value; empty where only the head was asked for.</summary>
    public Bytes Value { get; init; }

    /// <summary>What it is: <c>application/json</c>.</summary>
    public string? ContentType { get; init; }

    /// <summary>How its text is encoded: <c>utf-8</c>.</summary>
    public string? Charset { get; init; }

    /// <summary>How it is packed: <c>gzip</c>.</summary>
    public string? ContentEncoding { get; init; }

    /// <summary>The server's name for this very content; of what is stored it makes another.</summary>
    public Bytes? VTag { get; init; }

    /// <summary>When it was stored, to the microsecond.</summary>
    public DateTimeOffset? LastModified { get; init; }

    /// <summary>Whether it says that the key was deleted: its value means nothing then. Null: no.</summary>
    public bool? IsDeleted { get; init; }

    /// <summary>What it points to.</summary>
    public IReadOnlyList<RiakLink> Links { get; init; } = [];

    /// <summary>What the user says of it, in order.</summary>
    public IReadOnlyList<KeyValuePair<Bytes, Bytes?>> Metadata { get; init; } = [];

    /// <summary>What it is found by: names end with <c>_int</c> or <c>_bin</c>; a name may be there several times.</summary>
    public IReadOnlyList<KeyValuePair<Bytes, Bytes?>> Indexes { get; init; } = [];

    /// <summary>A content of a text's UTF-8 bytes.</summary>
    /// <param name="text">May be empty.</param>
    public static implicit operator RiakContent(string text) => new((Bytes)text);

    /// <summary>A content of bytes.</summary>
    /// <param name="bytes">May be empty; must not change afterwards.</param>
    public static implicit operator RiakContent(byte[] bytes) => new((Bytes)bytes);

    /// <summary>A content of bytes.</summary>
    /// <param name="bytes">May be empty.</param>
    public static implicit operator RiakContent(Bytes bytes) => new(bytes);

    /// <summary>The same, found by one more index.</summary>
    /// <param name="name">Ends with <c>_int</c> or <c>_bin</c>.</param>
    /// <param name="value">Where it stands in it.</param>
    /// <returns>Another content.</returns>
    public RiakContent WithIndex(Bytes name, Bytes value) => this with { Indexes = [.. Indexes, new(name, value)] };

    /// <summary>The value as text, with what it is.</summary>
    public override string ToString() => IsDeleted == true ? "deleted" : ContentType is null ? Value.ToText() : $"{Value.ToText()} ({ContentType})";
}

/// <summary>What a content points to; each part may be absent.</summary>
/// <param name="Bucket">In which bucket.</param>
/// <param name="Key">What.</param>
/// <param name="Tag">What it is to it.</param>
public sealed record RiakLink(Bytes? Bucket, Bytes? Key, Bytes? Tag);
