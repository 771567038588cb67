using System.Runtime.InteropServices;

namespace Diesel.Reactive.Testing;

/// <summary>The spellings of a test's values: the names it gave them, what they say themselves, or letters found for them.</summary>
/// <typeparam name="T">The values.</typeparam>
internal sealed class MarbleNames<T>
{
    private const string Letters = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ";
    private const char FirstMark = '\u0300';
    private const int Marks = 64;

    private readonly Dictionary<ValueTuple<T>, MarbleSpelling> _spellings = new(new ByContent());
    private readonly HashSet<string> _taken;
    private readonly List<(string Name, T Value)> _named;
    private int _letters;

    /// <summary>Spells all the values that may be asked for.</summary>
    /// <param name="values">In the order in which letters are given.</param>
    /// <param name="known">The names to prefer.</param>
    public MarbleNames(IEnumerable<T> values, MarbleValues<T> known)
        : this(values, known, isLong: _ => false, taken: null)
    {
    }

    /// <summary>Spells all the values of a diagram that stands beside another.</summary>
    /// <param name="values">In the order in which letters are given.</param>
    /// <param name="known">The names to prefer.</param>
    /// <param name="isLong">Which spellings are too long for a diagram: these values get letters.</param>
    /// <param name="taken">The names in the other diagram, which keep their meaning here; null: there is no other.</param>
    public MarbleNames(IEnumerable<T> values, MarbleValues<T> known, Predicate<MarbleSpelling> isLong, IEnumerable<string>? taken)
    {
        _named = [.. known.Values];
        _taken = [.. _named.Select(named => named.Name), .. taken ?? []];
        foreach (var (name, value) in _named) _spellings.TryAdd(new(value), MarbleSpelling.Name(name));
        var natural = new List<(T Value, MarbleSpelling? Spelling)>();
        foreach (var value in values)
        {
            ref var place = ref CollectionsMarshal.GetValueRefOrAddDefault(_spellings, new(value), out var isKnown);
            if (isKnown) continue;
            var spelling = NaturalSpelling.Of(value);
            if (spelling is not null && isLong(spelling)) spelling = null;
            natural.Add((value, place = spelling));
        }

        // Names mean themselves only while no name means anything else.
        var areNamed = _named.Count > 0 || (taken is null && natural.Exists(each => each.Spelling is null));
        if (!areNamed) _taken.UnionWith(natural.Select(each => each.Spelling?.Text ?? ""));
        foreach (var (value, spelling) in natural)
            _spellings[new(value)] = spelling is null ? Name(value, Letter()) : areNamed ? NaturalSpelling.Quoted(spelling) : spelling;
    }

    /// <summary>The names and what they stand for: the test's own first, then the letters.</summary>
    public IReadOnlyList<(string Name, T Value)> Named => _named;

    /// <summary>How one of the values is written.</summary>
    public MarbleSpelling this[T value] => _spellings[new(value)];

    private MarbleSpelling Name(T value, string name)
    {
        _named.Add((name, value));
        return MarbleSpelling.Name(name);
    }

    private string Letter()
    {
        while (true)
        {
            var (name, rest) = (Letters[_letters % Letters.Length].ToString(), _letters++ / Letters.Length);
            // Behind Z come letters with marks: still one character each, and there is no last one.
            for (; rest > 0; rest = (rest - 1) / Marks) name += (char)(FirstMark + ((rest - 1) % Marks));
            if (_taken.Add(name)) return name;
        }
    }

    private sealed class ByContent : IEqualityComparer<ValueTuple<T>>
    {
        private const int MostItemsInHash = 8;

        public bool Equals(ValueTuple<T> one, ValueTuple<T> other) => MarbleEquality.Same(one.Item1, other.Item1);

        public int GetHashCode(ValueTuple<T> one) => Hash(one.Item1);

        private static int Hash(object? one) => one switch
        {
            ReadOnlyMemory<byte> bytes => Hash(bytes.Span),
            byte[] bytes => Hash(bytes),
            System.Collections.IList list => list.Cast<object?>().Take(MostItemsInHash).Aggregate(list.Count, (hash, item) => HashCode.Combine(hash, item is System.Collections.IList inner ? inner.Count : Hash(item))),
            Exception error => HashCode.Combine(error.GetType(), error.Message),
            var value => value?.GetHashCode() ?? 0,
        };

        private static int Hash(ReadOnlySpan<byte> bytes)
        {
            var hash = new HashCode();
            hash.AddBytes(bytes);
            return hash.ToHashCode();
        }
    }
}
