using System.Globalization;

namespace Diesel.Reactive.Protocols.Riak;

/// <summary>How many replicas have to agree: a number, or a word for one.</summary>
/// <remarks>Source: <c>riak_kv</c>: the words are numbers just below 2³².</remarks>
public readonly record struct Quorum
{
    private readonly uint _number;

    private Quorum(uint number) => _number = number;

    /// <summary>One.</summary>
    public static Quorum One { get; } = new(4294967294);

    /// <summary>More than half (<c>quorum</c>).</summary>
    public static Quorum Majority { get; } = new(4294967293);

    /// <summary>All.</summary>
    public static Quorum All { get; } = new(4294967292);

    /// <summary>As the bucket has it.</summary>
    public static Quorum Default { get; } = new(4294967291);

    /// <summary>A number of replicas.</summary>
    /// <param name="count">0 or more.</param>
    /// <exception cref="ArgumentOutOfRangeException">It is negative.</exception>
    public static implicit operator Quorum(int count)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(count);
        return new((uint)count);
    }

    /// <summary>As it goes over the wire.</summary>
    internal uint Number => _number;

    internal static Quorum Of(uint number) => new(number);

    /// <summary>The number or the word.</summary>
    public override string ToString() => _number switch
    {
        4294967294 => "one",
        4294967293 => "quorum",
        4294967292 => "all",
        4294967291 => "default",
        _ => _number.ToString(CultureInfo.InvariantCulture),
    };
}
