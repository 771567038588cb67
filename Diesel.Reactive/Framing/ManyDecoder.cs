namespace Diesel.Reactive;

/// <summary>One part again and again. What it holds grows with what arrived, not with what was announced.</summary>
internal abstract class ManyDecoder<T>(Framing<T> item, int maxCount) : ComposedDecoder<IReadOnlyList<T>>
{
    private Decoder<T>? _item;
    private List<T> _items = [];

    protected int Count => _items.Count;

    protected int MaxCount => maxCount;

    public override void Reset()
    {
        _item = null;
        _items = [];
    }

    protected static bool NotYet(out IReadOnlyList<T> items)
    {
        items = null!;
        return false;
    }

    /// <summary>The next item is added, if it is there.</summary>
    protected bool TryAdd(GrammarRun run, out T added)
    {
        if (!(_item ??= item.CreateDecoder()).TryPart(run, out added))
        {
            return false;
        }

        _items.Add(added);
        return true;
    }

    protected bool Done(out IReadOnlyList<T> items)
    {
        (items, _items) = (_items, []);
        return true;
    }

    protected void ThrowIfFull()
    {
        if (_items.Count >= maxCount)
        {
            throw new ProtocolException($"More than {maxCount} items arrived in one frame. Raise maxCount if so many are allowed.");
        }
    }
}
