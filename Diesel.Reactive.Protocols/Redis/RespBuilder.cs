namespace Diesel.Reactive.Protocols.Redis;

/// <summary>Puts together the aggregates of one value, innermost first. What it holds grows with what has arrived, not with what was
/// announced.</summary>
internal sealed class RespBuilder(RespLimits limits)
{
    private const int ShortestItem = 3;
    private const int FewItems = 4;

    private Aggregate[] _open = [];
    private int _depth;
    private int _items;

    // A list, as further ones may come behind them.
    private List<RespValue>? _attributes;

    /// <summary>The kind of an aggregate; null: attributes, which are no value.</summary>
    public static RespKind? KindOf(char type) => type switch
    {
        '*' => RespKind.Array,
        '%' => RespKind.Map,
        '~' => RespKind.Set,
        '>' => RespKind.Push,
        _ => null,
    };

    /// <summary>An aggregate has begun.</summary>
    /// <param name="type">Its first byte.</param>
    /// <param name="count">Announced; more than 0.</param>
    /// <param name="bytesBehind">Bytes that are there behind its head.</param>
    public void Open(char type, long count, int bytesBehind)
    {
        var itemsOfOne = type is '%' or '|' ? 2 : 1;
        ThrowIfTooMany(count, itemsOfOne);
        if (_depth == limits.MaxNesting)
        {
            throw new ProtocolException(
                $"More than {limits.MaxNesting} aggregates within each other arrived, which is the limit. Raise {nameof(RespLimits)}.{nameof(RespLimits.MaxNesting)} to allow it.");
        }

        if (_depth == _open.Length)
        {
            Array.Resize(ref _open, Math.Min(limits.MaxNesting, Math.Max(FewItems, 2 * _depth)));
        }

        var total = (int)count * itemsOfOne;
        _items += total;
        _open[_depth++] = new Aggregate
        {
            Kind = KindOf(type), Total = total, Attributes = _attributes, Items = new RespValue[Math.Min(total, Math.Max(FewItems, bytesBehind / ShortestItem))],
        };
        _attributes = null;
    }

    /// <summary>Attributes were announced, and none: they cost as one value, or they could come for ever.</summary>
    public void NoAttributes()
    {
        ThrowIfTooMany(count: 1, itemsOfOne: 1);
        _items++;
    }

    /// <summary>A value is whole.</summary>
    /// <returns>True: and so is the outermost.</returns>
    public bool TryComplete(RespValue value, out RespValue outermost)
    {
        if (_attributes is not null)
        {
            (value, _attributes) = (value.With([.. _attributes]), null);
        }

        while (_depth > 0)
        {
            ref var aggregate = ref _open[_depth - 1];
            aggregate.Add(value);
            if (aggregate.Count < aggregate.Total)
            {
                outermost = default;
                return false;
            }

            var (kind, items, attributes) = (aggregate.Kind, aggregate.Items, aggregate.Attributes);
            _depth--;
            aggregate = default;
            if (kind is null)
            {
                (_attributes = attributes ?? []).AddRange(items);
                outermost = default;
                return false;
            }

            value = new RespValue(kind.Value, items, 0);
            value = attributes is null ? value : value.With([.. attributes]);
        }

        outermost = value;
        return true;
    }

    /// <summary>Begins anew.</summary>
    public void Clear()
    {
        Array.Clear(_open, 0, _depth);
        (_depth, _items, _attributes) = (0, 0, null);
    }

    private void ThrowIfTooMany(long count, int itemsOfOne)
    {
        if (count > (limits.MaxItems - _items) / itemsOfOne)
        {
            throw new ProtocolException(
                $"{count} {(itemsOfOne == 2 ? "pairs" : "values")} were announced behind {_items} values, the limit is {limits.MaxItems}. Raise {nameof(RespLimits)}.{nameof(RespLimits.MaxItems)} to allow it.");
        }
    }

    private struct Aggregate
    {
        public RespKind? Kind;
        public int Total;
        public int Count;
        public RespValue[] Items;
        public List<RespValue>? Attributes;

        public void Add(RespValue value)
        {
            if (Count == Items.Length)
            {
                Array.Resize(ref Items, (int)Math.Min(Total, 2L * Count));
            }

            Items[Count++] = value;
        }
    }
}
