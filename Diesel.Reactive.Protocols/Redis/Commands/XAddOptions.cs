namespace Diesel.Reactive.Protocols.Redis;

/// <summary>How <c>XAdd</c> adds an entry.</summary>
public readonly record struct XAddOptions
{
    /// <summary>Its id, greater than all before; null: the server makes one.</summary>
    public StreamId? Id { get; init; }

    /// <summary>Whether nothing is added where there is no stream (<c>NOMKSTREAM</c>).</summary>
    public bool OnlyExisting { get; init; }

    /// <summary>What is removed meanwhile; null: nothing.</summary>
    public StreamTrim? Trim { get; init; }

    /// <summary>An entry with the oldest removed meanwhile.</summary>
    /// <param name="trim">Which.</param>
    public static implicit operator XAddOptions(StreamTrim trim) => new() { Trim = trim };

    internal ReadOnlySpan<Bytes> Words() =>
        (Bytes[])[.. "NOMKSTREAM".If(OnlyExisting), .. Trim is { } trim ? trim.Words() : [], Id is { } id ? id : "*"];
}
