namespace Diesel.Reactive.AspNetCore;

/// <summary>What an application has set among the features of a request: a few, so they are looked for one by one.</summary>
internal struct FeatureSet
{
    private (Type Kind, object? Feature)[]? _set;

    public int Count { get; private set; }

    public readonly bool TryGet(Type kind, out object? feature)
    {
        for (var i = 0; i < Count; i++)
        {
            if (_set![i].Kind == kind)
            {
                feature = _set[i].Feature;
                return true;
            }
        }

        feature = null;
        return false;
    }

    public void Set(Type kind, object? feature)
    {
        for (var i = 0; i < Count; i++)
        {
            if (_set![i].Kind == kind)
            {
                _set[i].Feature = feature;
                return;
            }
        }

        _set ??= new (Type, object?)[4];
        if (Count == _set.Length)
        {
            Array.Resize(ref _set, 2 * Count);
        }

        _set[Count++] = (kind, feature);
    }

    public void Clear()
    {
        _set?.AsSpan(0, Count).Clear();
        Count = 0;
    }

    public readonly IEnumerable<Type> Kinds => (_set ?? []).Take(Count).Select(static each => each.Kind);
}
