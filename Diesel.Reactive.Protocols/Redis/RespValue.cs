using System.Collections.Immutable;
using System.Globalization;
using System.Numerics;
using System.Runtime.InteropServices;
using System.Text;

namespace Diesel.Reactive.Protocols.Redis;

/// <summary>A value of the Redis serialization protocol: what a server replies, or pushes.</summary>
/// <remarks>
/// Immutable; <see cref="Resp"/> makes them. Reading converts where the two versions of the protocol say the same thing in different ways (a double may come as text),
/// and fails with <see cref="RedisErrorException"/> where the value is an error. What cannot be read as asked is a
/// <see cref="ProtocolException"/>. Source: the RESP3 specification 1.6.
/// </remarks>
public readonly struct RespValue : IEquatable<RespValue>
{
    // The array of a text or an aggregate; Attributed around it.
    private readonly object? _data;

    // A number, or where a text lies in its array.
    private readonly long _bits;

    internal RespValue(RespKind kind, object? data, long bits) => (Kind, _data, _bits) = (kind, data, bits);

    /// <summary>What it is.</summary>
    public RespKind Kind { get; }

    /// <summary>Whether it is nothing.</summary>
    public bool IsNull => Kind == RespKind.Null;

    /// <summary>Whether the server said no.</summary>
    public bool IsError => Kind is RespKind.Error or RespKind.BulkError;

    /// <summary>The values of an array, a set or a push; of a map each key and its value. Empty for all others.</summary>
    public ImmutableArray<RespValue> Items => Data is RespValue[] items ? ImmutableCollectionsMarshal.AsImmutableArray(items) : [];

    /// <summary>What the server has said about it beside, each key and its value; mostly empty.</summary>
    public ImmutableArray<RespValue> Attributes =>
        _data is Attributed attributed ? ImmutableCollectionsMarshal.AsImmutableArray(attributed.Attributes) : [];

    /// <summary>The name of the format of a <see cref="RespKind.Verbatim"/>, three letters: <c>txt</c>, <c>mkd</c>. Null for all others.</summary>
    public string? Format => Kind == RespKind.Verbatim ? Encoding.Latin1.GetString(Raw[..Resp.FormatLength]) : null;

    /// <summary>A number, or where a text lies.</summary>
    internal long Bits => _bits;

    /// <summary>The bytes of a text as they came: of a verbatim one with its format.</summary>
    internal ReadOnlySpan<byte> Raw => RawMemory.Span;

    private ReadOnlyMemory<byte> RawMemory => Data is byte[] bytes ? bytes.AsMemory((int)(_bits >> 32), (int)_bits) : default;

    private object? Data => _data is Attributed attributed ? attributed.Data : _data;

    private bool IsText => Kind is RespKind.SimpleString or RespKind.BulkString or RespKind.Verbatim or RespKind.BigNumber or RespKind.Error or RespKind.BulkError;

    /// <summary>Whether both are the same value, with the same attributes.</summary>
    /// <param name="left">One.</param>
    /// <param name="right">The other.</param>
    public static bool operator ==(RespValue left, RespValue right) => left.Equals(right);

    /// <summary>Whether they differ.</summary>
    /// <param name="left">One.</param>
    /// <param name="right">The other.</param>
    public static bool operator !=(RespValue left, RespValue right) => !left.Equals(right);

    /// <summary>Reads bytes: of a string, or a number's text.</summary>
    /// <returns>They may be kept.</returns>
    /// <exception cref="RedisErrorException">It is an error.</exception>
    /// <exception cref="ProtocolException">It is null, a boolean or an aggregate.</exception>
    public Bytes ToBytes() => Kind switch
    {
        RespKind.Integer => _bits,
        RespKind.Double => ToText(),
        RespKind.Verbatim => RawMemory[(Resp.FormatLength + 1)..],
        _ when IsText && !IsError => RawMemory,
        _ => throw Misread("bytes"),
    };

    /// <summary>Reads text, as UTF-8.</summary>
    /// <returns>The text.</returns>
    /// <exception cref="RedisErrorException">It is an error.</exception>
    /// <exception cref="ProtocolException">It is null, a boolean or an aggregate.</exception>
    public string ToText() => Kind == RespKind.Double ? RespDouble.Text(BitConverter.Int64BitsToDouble(_bits)) : ToBytes().ToText();

    /// <summary>Reads a whole number: an integer, its text, or a boolean as 0 or 1.</summary>
    /// <returns>The number.</returns>
    /// <exception cref="RedisErrorException">It is an error.</exception>
    /// <exception cref="ProtocolException">It is something else.</exception>
    public long ToInt64() => Kind switch
    {
        RespKind.Integer or RespKind.Boolean => _bits,
        _ when IsText && !IsError && long.TryParse(ToBytes().Span, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number) => number,
        _ => throw Misread("a whole number of 64 bits"),
    };

    /// <summary>Reads a number: a double, an integer, or the text of one.</summary>
    /// <returns>The number; may be infinite or none.</returns>
    /// <exception cref="RedisErrorException">It is an error.</exception>
    /// <exception cref="ProtocolException">It is something else.</exception>
    public double ToDouble() => Kind switch
    {
        RespKind.Double => BitConverter.Int64BitsToDouble(_bits),
        RespKind.Integer => _bits,
        _ when IsText && !IsError && RespDouble.TryParse(ToBytes().Span, out var number) => number,
        _ => throw Misread("a number"),
    };

    /// <summary>Reads a truth: a boolean, or an integer 1 or 0.</summary>
    /// <returns>The truth.</returns>
    /// <exception cref="RedisErrorException">It is an error.</exception>
    /// <exception cref="ProtocolException">It is something else.</exception>
    public bool ToBoolean() =>
        Kind is RespKind.Boolean or RespKind.Integer && _bits is 0 or 1 ? _bits == 1 : throw Misread("true or false");

    /// <summary>Reads a whole number of any size.</summary>
    /// <returns>The number.</returns>
    /// <exception cref="RedisErrorException">It is an error.</exception>
    /// <exception cref="ProtocolException">It is something else.</exception>
    public BigInteger ToBigInteger() => Kind switch
    {
        RespKind.Integer => _bits,
        _ when IsText && !IsError && BigInteger.TryParse(ToText(), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number) => number,
        _ => throw Misread("a whole number"),
    };

    /// <summary>Reads values in order: those of an array, a set or a push, each key and its value of a map.</summary>
    /// <returns>The values.</returns>
    /// <exception cref="RedisErrorException">It is an error.</exception>
    /// <exception cref="ProtocolException">It is no aggregate.</exception>
    public ImmutableArray<RespValue> ToItems() => Kind >= RespKind.Array ? Items : throw Misread("several values");

    /// <summary>The exception of an error; of anything else null.</summary>
    /// <returns>The server's "no".</returns>
    public RedisErrorException? ToException() => IsError ? new RedisErrorException(Encoding.UTF8.GetString(Raw)) : null;

    /// <summary>The same with attributes before it.</summary>
    /// <param name="attributes">Each key and its value; empty for none.</param>
    /// <returns>The value.</returns>
    /// <exception cref="ArgumentException">There is a key without a value.</exception>
    public RespValue WithAttributes(params ReadOnlySpan<RespValue> attributes) => attributes.Length % 2 == 0
        ? With(attributes.IsEmpty ? null : attributes.ToArray())
        : throw new ArgumentException("An attribute has a key and a value.", nameof(attributes));

    /// <inheritdoc/>
    public bool Equals(RespValue other) =>
        Kind == other.Kind
        && (IsText || Data is RespValue[] || IsNull || _bits == other._bits)
        && Raw.SequenceEqual(other.Raw)
        && Items.AsSpan().SequenceEqual(other.Items.AsSpan())
        && Attributes.AsSpan().SequenceEqual(other.Attributes.AsSpan());

    /// <inheritdoc/>
    public override bool Equals(object? obj) => obj is RespValue other && Equals(other);

    /// <inheritdoc/>
    public override int GetHashCode()
    {
        var hash = default(HashCode);
        hash.Add(Kind);
        hash.Add(Kind is RespKind.Integer or RespKind.Double or RespKind.Boolean ? _bits : Items.Length);
        hash.AddBytes(Raw);
        return hash.ToHashCode();
    }

    /// <summary>The value as a person reads it.</summary>
    public override string ToString() => Kind switch
    {
        RespKind.Null => "(nil)",
        RespKind.Boolean => _bits == 1 ? "true" : "false",
        RespKind.Error or RespKind.BulkError => $"(error) {Encoding.UTF8.GetString(Raw)}",
        RespKind.Map => $"{{{string.Join(", ", Items.Chunk(2).Select(pair => $"{pair[0]}: {pair[1]}"))}}}",
        RespKind.Array or RespKind.Set or RespKind.Push => $"[{string.Join(", ", Items)}]",
        _ => ToText(),
    };

    internal RespValue With(RespValue[]? attributes) => new(Kind, attributes is null ? Data : new Attributed(Data, attributes), _bits);

    private Exception Misread(string what) =>
        ToException() ?? (Exception)new ProtocolException($"A reply of kind {Kind} arrived where {what} was expected.");

    private sealed class Attributed(object? data, RespValue[] attributes)
    {
        public object? Data => data;

        public RespValue[] Attributes => attributes;
    }
}
