namespace Diesel.Reactive.Protocols.Redis;

/// <summary>What a <see cref="RespValue"/> is.</summary>
/// <remarks>Source: the RESP3 specification, "Simple types" and "Aggregate data types".</remarks>
public enum RespKind : byte
{
    /// <summary>Nothing: <c>_</c>, and RESP2's <c>$-1</c> and <c>*-1</c>.</summary>
    Null,

    /// <summary>A line of text: <c>+</c>.</summary>
    SimpleString,

    /// <summary>The server said no, in a line: <c>-</c>.</summary>
    Error,

    /// <summary>A whole number of 64 bits: <c>:</c>.</summary>
    Integer,

    /// <summary>Bytes: <c>$</c>.</summary>
    BulkString,

    /// <summary>A number with a decimal point: <c>,</c>.</summary>
    Double,

    /// <summary>True or false: <c>#</c>.</summary>
    Boolean,

    /// <summary>The server said no, in bytes: <c>!</c>.</summary>
    BulkError,

    /// <summary>Text with the name of its format: <c>=</c>.</summary>
    Verbatim,

    /// <summary>A whole number of any size: <c>(</c>.</summary>
    BigNumber,

    /// <summary>Values in order: <c>*</c>.</summary>
    Array,

    /// <summary>Pairs of keys and values: <c>%</c>.</summary>
    Map,

    /// <summary>Values without order: <c>~</c>.</summary>
    Set,

    /// <summary>What a server says unasked; the first value names it: <c>&gt;</c>.</summary>
    Push,
}
