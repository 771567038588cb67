namespace Diesel.Reactive.Testing;

/// <summary>Finds what was told for each expectation, such that the differences are few and small.</summary>
/// <remarks>The least edit distance with costs; where more than a thousand on each side differ, only what comes at the same time
/// or in the same place is compared, so that the work stays in proportion to the length.</remarks>
internal sealed class MarbleAlignment<T>
{
    private const int MostCells = 1_000_000;
    private const int Reach = 64;
    private const int Chunk = 64;

    private const int Lonely = 3;
    private const int OtherValue = 4;

    private readonly IReadOnlyList<ExpectedNotification<T>> _expected;
    private readonly Recording<T> _actual;
    private readonly int[] _order;
    private readonly List<MarbleDifference> _found = [];
    private readonly List<int> _missing = [];
    private readonly List<int> _unexpected = [];

    public MarbleAlignment(IReadOnlyList<ExpectedNotification<T>> expected, Recording<T> actual)
    {
        (_expected, _actual) = (expected, actual);
        _order = [.. Enumerable.Range(0, expected.Count)];
        if (expected.Any(each => each.AnyOrder > 0)) _order = new AnyOrder<T>(expected, actual, Matches).Arrange();
        Partners = new int[actual.Count];
        Partners.AsSpan().Fill(-1);
        var (first, end, actualEnd) = (0, expected.Count, actual.Count);
        while (first < end && first < actualEnd && IsSame(first, first)) Pair(first, first++);
        while (end > first && actualEnd > first && IsSame(end - 1, actualEnd - 1)) Pair(--end, --actualEnd);
        Align(first, end, first, actualEnd);
        FindStrays();
        _found.AddRange(_missing.Select(place => new MarbleDifference(MarbleDifferenceKind.Missing, _order[place], -1)));
        _found.AddRange(_unexpected.Select(told => new MarbleDifference(MarbleDifferenceKind.Unexpected, -1, told)));
        Differences = [.. _found.OrderBy(TimeOf).ThenBy(difference => Math.Max(difference.Expected, difference.Actual))];
    }

    /// <summary>All of them, the earliest first.</summary>
    public IReadOnlyList<MarbleDifference> Differences { get; }

    /// <summary>For everything told, the index of the expectation that it meets, at whatever time; -1: none.</summary>
    public int[] Partners { get; }

    /// <summary>All comparisons that were made: pairs, and those that stayed alone.</summary>
    public int Total => _expected.Count + Differences.Count(difference => difference.Expected < 0);

    /// <summary>When a difference shows first.</summary>
    public TimeSpan TimeOf(MarbleDifference difference) => (difference.Expected, difference.Actual) switch
    {
        (< 0, var told) => _actual[told].Time,
        (var wanted, < 0) => _expected[wanted].Time,
        var (wanted, told) => _expected[wanted].Time < _actual[told].Time ? _expected[wanted].Time : _actual[told].Time,
    };

    private TimeSpan Expected(int place) => _expected[_order[place]].Time;

    // A test's own predicate may not be made for all it is asked here; then it did not mean this.
    private bool Matches(int wanted, int told)
    {
        try
        {
            return _expected[wanted].Matches(_actual[told].Notification);
        }
        catch (Exception)
        {
            return false;
        }
    }

    private bool IsSame(int place, int told) => Expected(place) == _actual[told].Time && Matches(_order[place], told);

    private void Pair(int place, int told)
    {
        var wanted = _order[place];
        var matches = Matches(wanted, told);
        if (matches) Partners[told] = wanted;
        if (!matches) _found.Add(new(MarbleDifferenceKind.Changed, wanted, told));
        else if (_expected[wanted].Time != _actual[told].Time) _found.Add(new(MarbleDifferenceKind.Moved, wanted, told));
    }

    private void Align(int first, int end, int actualFirst, int actualEnd)
    {
        if ((long)(end - first) * (actualEnd - actualFirst) <= MostCells) AlignBest(first, end, actualFirst, actualEnd);
        else AlignByTime(first, end, actualFirst, actualEnd);
    }

    private void AlignByTime(int first, int end, int actualFirst, int actualEnd)
    {
        while (first < end || actualFirst < actualEnd)
        {
            if (IsBetterInPlace(first, end, actualFirst, actualEnd))
            {
                AlignInPlace(first, first += Chunk, actualFirst, actualFirst += Chunk);
                continue;
            }

            var time = first == end ? _actual[actualFirst].Time : actualFirst == actualEnd || Expected(first) < _actual[actualFirst].Time
                ? Expected(first) : _actual[actualFirst].Time;
            var (nextFirst, nextActual) = (first, actualFirst);
            while (nextFirst < end && Expected(nextFirst) == time) nextFirst++;
            while (nextActual < actualEnd && _actual[nextActual].Time == time) nextActual++;
            if ((long)(nextFirst - first) * (nextActual - actualFirst) <= MostCells) AlignBest(first, nextFirst, actualFirst, nextActual);
            else AlignInPlace(first, nextFirst, actualFirst, nextActual);
            (first, actualFirst) = (nextFirst, nextActual);
        }
    }

    // Such as all of them late, and each at the time of its neighbour.
    private bool IsBetterInPlace(int first, int end, int actualFirst, int actualEnd)
    {
        if (end - first < Chunk || actualEnd - actualFirst < Chunk || !Matches(_order[first], actualFirst)) return false;
        var inPlace = Enumerable.Range(0, Chunk).Sum(i => Cost(first + i, actualFirst + i));
        var (byTime, place, told) = (0, first, actualFirst);
        while (byTime <= inPlace && place < first + Chunk && told < actualFirst + Chunk)
        {
            var order = Expected(place).CompareTo(_actual[told].Time);
            byTime += order == 0 ? Cost(place, told) : Lonely;
            if (order <= 0) place++;
            if (order >= 0) told++;
        }

        return inPlace < byTime;
    }

    private void AlignInPlace(int first, int end, int actualFirst, int actualEnd)
    {
        while (first < end && actualFirst < actualEnd) Pair(first++, actualFirst++);
        _missing.AddRange(Enumerable.Range(first, end - first));
        _unexpected.AddRange(Enumerable.Range(actualFirst, actualEnd - actualFirst));
    }

    private void AlignBest(int first, int end, int actualFirst, int actualEnd)
    {
        var costs = new int[end - first + 1, actualEnd - actualFirst + 1];
        for (var i = end - first; i >= 0; i--)
        {
            for (var j = actualEnd - actualFirst; j >= 0; j--)
            {
                var hasBoth = i < end - first && j < actualEnd - actualFirst;
                var best = i == end - first && j == actualEnd - actualFirst ? 0 : int.MaxValue;
                if (i < end - first) best = Math.Min(best, costs[i + 1, j] + Lonely);
                if (j < actualEnd - actualFirst) best = Math.Min(best, costs[i, j + 1] + Lonely);
                if (hasBoth) best = Math.Min(best, costs[i + 1, j + 1] + Cost(first + i, actualFirst + j));
                costs[i, j] = best;
            }
        }

        var (place, told) = (0, 0);
        while (place < end - first || told < actualEnd - actualFirst)
        {
            var hasBoth = place < end - first && told < actualEnd - actualFirst;
            if (hasBoth && costs[place, told] == costs[place + 1, told + 1] + Cost(first + place, actualFirst + told))
                Pair(first + place++, actualFirst + told++);
            else if (place < end - first && costs[place, told] == costs[place + 1, told] + Lonely)
                _missing.Add(first + place++);
            else
                _unexpected.Add(actualFirst + told++);
        }
    }

    // Two that stay alone cost more than any pair of the same, but less than two others at different times.
    private int Cost(int place, int told)
    {
        var apart = (Expected(place) - _actual[told].Time).Duration();
        if (!Matches(_order[place], told)) return apart == TimeSpan.Zero ? OtherValue : (2 * Lonely) + 1;
        return apart.TotalMilliseconds switch { 0 => 0, < 10 => Lonely, < 1000 => Lonely + 1, _ => Lonely + 2 };
    }

    // What is missing in one place and unexpected in another was told out of its order: it is one difference, not two.
    private void FindStrays()
    {
        var from = 0;
        for (var i = 0; i < _missing.Count && _unexpected.Count > 0; i++)
        {
            var wanted = _missing[i];
            while (from < _unexpected.Count - Reach && (_unexpected[from] < 0 || _actual[_unexpected[from]].Time < Expected(wanted))) from++;
            var near = Enumerable.Range(Math.Max(0, from - Reach), Math.Min(_unexpected.Count - Math.Max(0, from - Reach), 2 * Reach))
                .Where(at => _unexpected[at] >= 0 && Matches(_order[wanted], _unexpected[at]))
                .OrderBy(at => (_actual[_unexpected[at]].Time - Expected(wanted)).Duration()).FirstOrDefault(-1);
            if (near < 0) continue;
            var told = _unexpected[near];
            Partners[told] = _order[wanted];
            _found.Add(new(_actual[told].Time == Expected(wanted) ? MarbleDifferenceKind.OutOfOrder : MarbleDifferenceKind.Moved, _order[wanted], told));
            (_missing[i], _unexpected[near]) = (-1, -1);
        }

        _missing.RemoveAll(index => index < 0);
        _unexpected.RemoveAll(index => index < 0);
    }
}
