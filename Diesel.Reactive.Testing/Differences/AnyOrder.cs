namespace Diesel.Reactive.Testing;

/// <summary>Puts what may come in any order into the order in which it came, so that the rest need not know of it.</summary>
/// <param name="expected">In order of time.</param>
/// <param name="actual">In order of time.</param>
/// <param name="matches">Whether what is expected (an index) is what was told (an index), whatever the times.</param>
internal sealed class AnyOrder<T>(IReadOnlyList<ExpectedNotification<T>> expected, Recording<T> actual, Func<int, int, bool> matches)
{
    private const int MostInAGroup = StrictMarbles.MostInAnyOrder;

    private readonly Dictionary<int, int> _takenBy = [];

    /// <summary>The indices of what is expected, in the order to compare it in.</summary>
    public int[] Arrange()
    {
        var order = Enumerable.Range(0, expected.Count).ToArray();
        for (var first = 0; first < expected.Count;)
        {
            var end = first + 1;
            while (end < expected.Count && expected[end].AnyOrder == expected[first].AnyOrder) end++;
            if (expected[first].AnyOrder > 0 && end - first is > 1 and <= MostInAGroup)
            {
                var places = Places(first, end);
                // Stable: what did not come stays where it was written, behind what did.
                order[first..end].OrderBy(index => places.GetValueOrDefault(index, int.MaxValue)).ToArray().CopyTo(order, first);
            }

            first = end;
        }

        return order;
    }

    // A pairing of as many as possible: those in the group's own place, then those at its time, then all others.
    private Dictionary<int, int> Places(int first, int end)
    {
        _takenBy.Clear();
        var time = expected[first].Time;
        var (from, to) = (FirstNotBefore(told => actual[told].Time, actual.Count, time), FirstBehind(time));
        var (count, place) = (end - first, from + first - FirstNotBefore(wanted => expected[wanted].Time, expected.Count, time));
        int[] inPlace = [.. Enumerable.Range(place, Math.Clamp(to - place, 0, count))];
        int[] atOnce = [.. Enumerable.Range(from, Math.Min(to - from, MostInAGroup))];
        int[] around = [.. Enumerable.Range(from, actual.Count - from).Take(count + atOnce.Length), .. Enumerable.Range(0, from).TakeLast(count)];
        foreach (var candidates in (int[][])[inPlace, atOnce, around])
        {
            foreach (var member in Enumerable.Range(first, end - first).Except([.. _takenBy.Values])) TryPair(member, candidates, []);
        }

        return _takenBy.ToDictionary(pair => pair.Value, pair => pair.Key);
    }

    private bool TryPair(int member, int[] candidates, HashSet<int> tried)
    {
        foreach (var candidate in candidates)
        {
            if (!matches(member, candidate) || !tried.Add(candidate)) continue;
            if (_takenBy.TryGetValue(candidate, out var other) && !TryPair(other, candidates, tried)) continue;
            _takenBy[candidate] = member;
            return true;
        }

        return false;
    }

    private int FirstBehind(TimeSpan time) => time == TimeSpan.MaxValue ? actual.Count
        : FirstNotBefore(told => actual[told].Time, actual.Count, time + new TimeSpan(1));

    private static int FirstNotBefore(Func<int, TimeSpan> timeOf, int count, TimeSpan time)
    {
        var (low, high) = (0, count);
        while (low < high)
        {
            var middle = (low + high) / 2;
            if (timeOf(middle) < time) low = middle + 1;
            else high = middle;
        }

        return low;
    }
}
