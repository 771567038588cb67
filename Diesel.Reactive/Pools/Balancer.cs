namespace Diesel.Reactive;

/// <summary>Picks one of several endpoints. The hub's thread only.</summary>
internal sealed class Balancer<T>(Hub hub, Balancing policy)
    where T : EndPointHealth
{
    private Draws _draws = new(Draws.SeedFor(hub));
    private int _turn;

    /// <summary>The endpoints, in the order they were given.</summary>
    public T[] All { get; set; } = [];

    /// <summary>The one for the next call: of those that are well, and if there is none of the others.</summary>
    /// <param name="tried">Those that are out of the question.</param>
    /// <returns>Null: none is left.</returns>
    public T? Pick(IReadOnlyCollection<T> tried) => Pick(tried, isLastResort: false) ?? Pick(tried, isLastResort: true);

    private T? Pick(IReadOnlyCollection<T> tried, bool isLastResort)
    {
        bool IsEligible(T one) => (isLastResort || !one.IsEjected) && (tried.Count == 0 || !tried.Contains(one));

        return policy switch
        {
            Balancing.RoundRobin => NextInTurn(IsEligible),
            Balancing.LeastLoaded => LeastLoaded(IsEligible),
            _ => BetterOfTwo(IsEligible),
        };
    }

    private T? NextInTurn(Func<T, bool> isEligible)
    {
        for (var i = 0; i < All.Length; i++)
        {
            var one = All[_turn++ % All.Length];
            _turn %= All.Length;
            if (isEligible(one))
            {
                return one;
            }
        }

        return null;
    }

    // Of equals each in turn: the search begins behind the last that was picked.
    private T? LeastLoaded(Func<T, bool> isEligible)
    {
        var best = -1;
        for (var i = 0; i < All.Length; i++)
        {
            var at = (_turn + i) % All.Length;
            if (isEligible(All[at]) && (best < 0 || All[at].Load < All[best].Load))
            {
                best = at;
            }
        }

        _turn = best + 1;
        return best < 0 ? null : All[best];
    }

    private T? BetterOfTwo(Func<T, bool> isEligible)
    {
        var count = All.Count(isEligible);
        if (count == 0)
        {
            return null;
        }

        var first = _draws.Next(count);
        var one = All.Where(isEligible).ElementAt(first);
        if (count == 1)
        {
            return one;
        }

        var other = All.Where(isEligible).ElementAt((first + 1 + _draws.Next(count - 1)) % count);
        return other.Load < one.Load ? other : one;
    }
}
