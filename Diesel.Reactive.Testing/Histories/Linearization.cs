namespace Diesel.Reactive.Testing;

/// <summary>Looks for an order of calls, one after the other, each within its own time, in which a model says what the clients were told.</summary>
/// <remarks>Source: J. Wing, C. Gong, "Testing and Verifying Concurrent Objects", 1993; G. Lowe, "Testing for linearizability", 2017, for
/// remembering what was tried: the calls that were placed, and the state they led to.</remarks>
internal sealed class Linearization<TState, TCall, TReturn>(HistoryModel<TState, TCall, TReturn> model, IReadOnlyList<HistoryEntry<TCall, TReturn>> calls)
{
    private readonly HashSet<(Placed Placed, TState State)> _tried = new(new Comparer(model.States));
    private readonly HistoryEntry<TCall, TReturn>[] _calls = [.. calls.Where(static call => !call.IsVoid).OrderBy(static call => call.Began)];

    /// <summary>Whether there is such an order.</summary>
    public bool Exists() => Exists(new Placed(new ulong[(_calls.Length + 63) / 64]), model.Initial);

    // Iterative: a history may be long.
    private bool Exists(Placed none, TState initial)
    {
        var open = new Stack<(Placed Placed, TState State)>();
        open.Push((none, initial));
        while (open.TryPop(out var at))
        {
            if (!_tried.Add(at))
            {
                continue;
            }

            // No call may be placed behind the end of one that is not.
            var (bound, isWhole) = (long.MaxValue, true);
            for (var i = 0; i < _calls.Length; i++)
            {
                if (!at.Placed.Has(i) && _calls[i].HasReturned)
                {
                    (bound, isWhole) = (Math.Min(bound, _calls[i].Ended), false);
                }
            }

            if (isWhole)
            {
                return true;
            }

            // The last is tried first, so that calls whose end is unknown come last.
            for (var i = _calls.Length - 1; i >= 0 ; i--)
            {
                if (!at.Placed.Has(i) && _calls[i].Began < bound)
                {
                    var (next, returned) = model.Step(at.State, _calls[i].Call);
                    if (!_calls[i].HasReturned || model.Agrees(_calls[i].Returned!, returned))
                    {
                        open.Push((at.Placed.With(i), next));
                    }
                }
            }
        }

        return false;
    }

    private readonly record struct Placed(ulong[] Bits)
    {
        public bool Has(int i) => (Bits[i / 64] >> (i % 64) & 1) != 0;

        public Placed With(int i)
        {
            ulong[] bits = [.. Bits];
            bits[i / 64] |= 1UL << (i % 64);
            return new(bits);
        }
    }

    private sealed class Comparer(IEqualityComparer<TState> states) : IEqualityComparer<(Placed Placed, TState State)>
    {
        public bool Equals((Placed Placed, TState State) x, (Placed Placed, TState State) y) =>
            x.Placed.Bits.AsSpan().SequenceEqual(y.Placed.Bits) && states.Equals(x.State, y.State);

        public int GetHashCode((Placed Placed, TState State) obj)
        {
            var hash = default(HashCode);
            foreach (var bits in obj.Placed.Bits)
            {
                hash.Add(bits);
            }

            hash.Add(obj.State is null ? 0 : states.GetHashCode(obj.State));
            return hash.ToHashCode();
        }
    }
}
