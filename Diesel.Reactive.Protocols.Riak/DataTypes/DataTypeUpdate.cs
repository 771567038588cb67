using System.Collections.Immutable;

namespace Diesel.Reactive.Protocols.Riak;

/// <summary>A change of a data type. What nobody has seen cannot be removed: removing needs the context of a <c>Fetch</c>.</summary>
public abstract record DataTypeUpdate
{
    private protected DataTypeUpdate()
    {
    }

    /// <summary>Whether it removes something.</summary>
    internal virtual bool Removes => false;

    /// <summary>How many maps are within each other.</summary>
    internal virtual int Depth => 0;
}

/// <summary>Counts.</summary>
/// <param name="Increment">By how much, up or down.</param>
public sealed record CounterUpdate(long Increment = 1) : DataTypeUpdate;

/// <summary>Adds to a set, and removes from it.</summary>
public sealed record SetUpdate : DataTypeUpdate
{
    /// <summary>What is added.</summary>
    public ImmutableArray<Bytes> Adds { get; init; } = [];

    /// <summary>What is removed.</summary>
    public ImmutableArray<Bytes> Removals { get; init; } = [];

    internal override bool Removes => Removals.Length > 0;

    /// <summary>The same, and adds.</summary>
    /// <param name="members">What.</param>
    /// <returns>Another update.</returns>
    public SetUpdate Add(params ReadOnlySpan<Bytes> members) => this with { Adds = Adds.AddRange(members) };

    /// <summary>The same, and removes.</summary>
    /// <param name="members">What.</param>
    /// <returns>Another update.</returns>
    public SetUpdate Remove(params ReadOnlySpan<Bytes> members) => this with { Removals = Removals.AddRange(members) };
}

/// <summary>Adds to a set that only becomes more.</summary>
public sealed record GSetUpdate : DataTypeUpdate
{
    /// <summary>What is added.</summary>
    public ImmutableArray<Bytes> Adds { get; init; } = [];

    /// <summary>The same, and adds.</summary>
    /// <param name="members">What.</param>
    /// <returns>Another update.</returns>
    public GSetUpdate Add(params ReadOnlySpan<Bytes> members) => this with { Adds = Adds.AddRange(members) };
}

/// <summary>Adds to what counts different values.</summary>
public sealed record HllUpdate : DataTypeUpdate
{
    /// <summary>What is added.</summary>
    public ImmutableArray<Bytes> Adds { get; init; } = [];

    /// <summary>The same, and adds.</summary>
    /// <param name="members">What.</param>
    /// <returns>Another update.</returns>
    public HllUpdate Add(params ReadOnlySpan<Bytes> members) => this with { Adds = Adds.AddRange(members) };
}

/// <summary>What a field of a map is.</summary>
public enum MapKind
{
    /// <summary>A number that many count.</summary>
    Counter = 1,

    /// <summary>A set.</summary>
    Set = 2,

    /// <summary>Bytes, of which the last one written counts.</summary>
    Register = 3,

    /// <summary>Yes or no.</summary>
    Flag = 4,

    /// <summary>A map.</summary>
    Map = 5,
}

/// <summary>Changes fields of a map.</summary>
public sealed record MapUpdate : DataTypeUpdate
{
    internal ImmutableArray<(MapKind Kind, Bytes Name)> Removals { get; private init; } = [];

    internal ImmutableArray<(MapKind Kind, Bytes Name, object Change)> Changes { get; private init; } = [];

    internal override bool Removes => Removals.Length > 0 || Changes.Any(static one => one.Change is DataTypeUpdate { Removes: true } or false);

    internal override int Depth => 1 + Changes.Select(static one => (one.Change as DataTypeUpdate)?.Depth ?? 0).DefaultIfEmpty().Max();

    /// <summary>The same, and counts.</summary>
    /// <param name="name">Which field.</param>
    /// <param name="increment">By how much.</param>
    /// <returns>Another update.</returns>
    public MapUpdate Counter(Bytes name, long increment = 1) => With(MapKind.Counter, name, new CounterUpdate(increment));

    /// <summary>The same, and changes a set.</summary>
    /// <param name="name">Which field.</param>
    /// <param name="change">How.</param>
    /// <returns>Another update.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="change"/> is null.</exception>
    public MapUpdate Set(Bytes name, Func<SetUpdate, SetUpdate> change)
    {
        ArgumentNullException.ThrowIfNull(change);
        return With(MapKind.Set, name, change(new()));
    }

    /// <summary>The same, and sets a register.</summary>
    /// <param name="name">Which field.</param>
    /// <param name="value">To what.</param>
    /// <returns>Another update.</returns>
    public MapUpdate Register(Bytes name, Bytes value) => With(MapKind.Register, name, value);

    /// <summary>The same, and sets a flag. To unset one needs a context.</summary>
    /// <param name="name">Which field.</param>
    /// <param name="isSet">To what.</param>
    /// <returns>Another update.</returns>
    public MapUpdate Flag(Bytes name, bool isSet = true) => With(MapKind.Flag, name, isSet);

    /// <summary>The same, and changes a map within.</summary>
    /// <param name="name">Which field.</param>
    /// <param name="change">How.</param>
    /// <returns>Another update.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="change"/> is null.</exception>
    public MapUpdate Map(Bytes name, Func<MapUpdate, MapUpdate> change)
    {
        ArgumentNullException.ThrowIfNull(change);
        return With(MapKind.Map, name, change(new()));
    }

    /// <summary>The same, and removes a field.</summary>
    /// <param name="kind">What it is.</param>
    /// <param name="name">Which.</param>
    /// <returns>Another update.</returns>
    public MapUpdate Remove(MapKind kind, Bytes name) => this with { Removals = Removals.Add((kind, name)) };

    private MapUpdate With(MapKind kind, Bytes name, object change) => this with { Changes = Changes.Add((kind, name, change)) };
}
