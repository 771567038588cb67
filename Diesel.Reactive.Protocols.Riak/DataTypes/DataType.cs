namespace Diesel.Reactive.Protocols.Riak;

/// <summary>A value that merges by itself: a counter, a set, a map, or a number of different things.</summary>
public abstract record DataType
{
    private protected DataType()
    {
    }
}

/// <summary>A number that many count up and down.</summary>
/// <param name="Value">The sum.</param>
public sealed record CounterValue(long Value) : DataType;

/// <summary>Different values, in the order of their bytes.</summary>
/// <param name="Members">None twice.</param>
public sealed record SetValue(IReadOnlyList<Bytes> Members) : DataType;

/// <summary>Different values that only become more.</summary>
/// <param name="Members">None twice.</param>
public sealed record GSetValue(IReadOnlyList<Bytes> Members) : DataType;

/// <summary>About how many different values were added.</summary>
/// <param name="Count">An estimate.</param>
public sealed record HllValue(ulong Count) : DataType;

/// <summary>Values by name and kind: a name may be there once of each kind.</summary>
public sealed record MapValue : DataType
{
    /// <summary>Those that are numbers.</summary>
    public IReadOnlyDictionary<Bytes, long> Counters { get; init; } = new Dictionary<Bytes, long>();

    /// <summary>Those that are sets.</summary>
    public IReadOnlyDictionary<Bytes, IReadOnlyList<Bytes>> Sets { get; init; } = new Dictionary<Bytes, IReadOnlyList<Bytes>>();

    /// <summary>Those that are bytes, of which the last one written counts.</summary>
    public IReadOnlyDictionary<Bytes, Bytes> Registers { get; init; } = new Dictionary<Bytes, Bytes>();

    /// <summary>Those that are yes or no.</summary>
    public IReadOnlyDictionary<Bytes, bool> Flags { get; init; } = new Dictionary<Bytes, bool>();

    /// <summary>Those that are maps themselves, 16 deep at most.</summary>
    public IReadOnlyDictionary<Bytes, MapValue> Maps { get; init; } = new Dictionary<Bytes, MapValue>();
}

/// <summary>What is there, and what is needed to remove a part of it.</summary>
/// <param name="Value">Null: nothing is there, or it was not asked for.</param>
/// <param name="Context">What was seen; null: it has none, as counters.</param>
/// <param name="Key">Where the server chose the key: which.</param>
public sealed record DataTypeReply(DataType? Value, Bytes? Context = null, Bytes? Key = null);
