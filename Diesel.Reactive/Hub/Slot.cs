namespace Diesel.Reactive;

/// <summary>A field for what is nearly always one thing, and now and then a set of them: nothing, the one, or the set.</summary>
internal static class Slot
{
    public static void Add<T>(ref object? slot, T item)
        where T : class
    {
        if (slot is null)
        {
            slot = item;
        }
        else if (slot is HashSet<T> several)
        {
            several.Add(item);
        }
        else
        {
            slot = new HashSet<T>(ReferenceEqualityComparer.Instance) { (T)slot, item };
        }
    }

    public static void Remove<T>(ref object? slot, T item)
        where T : class
    {
        if (slot is HashSet<T> several)
        {
            several.Remove(item);
        }
        else if (ReferenceEquals(slot, item))
        {
            slot = null;
        }
    }

    public static int Count<T>(object? slot)
        where T : class => slot is null ? 0 : (slot as HashSet<T>)?.Count ?? 1;

    public static IEnumerable<T> All<T>(object slot)
        where T : class => slot as HashSet<T> ?? Enumerable.Repeat((T)slot, 1);

    /// <summary>Empties it, and gives what was in it.</summary>
    public static IReadOnlyCollection<T> Take<T>(ref object? slot)
        where T : class
    {
        var taken = slot;
        slot = null;
        return taken switch
        {
            null => [],
            HashSet<T> several => several,
            _ => [(T)taken],
        };
    }
}
