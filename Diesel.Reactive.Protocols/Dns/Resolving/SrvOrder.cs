namespace Diesel.Reactive.Protocols.Dns;

/// <summary>In which order the places of a service are to be tried: RFC 2782, "Usage rules".</summary>
internal static class SrvOrder
{
    /// <param name="records">All of one service.</param>
    /// <param name="draw">Gives a number from 0 to below its argument.</param>
    /// <returns>By priority; within one at random by weight. None: the service is said not to be there.</returns>
    public static IReadOnlyList<SrvRecord> Sort(IEnumerable<SrvRecord> records, Func<int, int> draw)
    {
        var sorted = new List<SrvRecord>();
        foreach (var priority in records.GroupBy(static record => record.Priority).OrderBy(static group => group.Key))
        {
            // Those of weight 0 at the head of the list, so that they have a chance, a small one.
            var left = priority.OrderBy(static record => record.Weight > 0).ToList();
            while (left.Count > 0)
            {
                var (drawn, sum, at) = (draw(left.Sum(static record => record.Weight) + 1), (int)left[0].Weight, 0);
                while (sum < drawn)
                {
                    sum += left[++at].Weight;
                }

                sorted.Add(left[at]);
                left.RemoveAt(at);
            }
        }

        return sorted is [{ Target.IsRoot: true }] ? [] : sorted;
    }
}
