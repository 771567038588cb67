namespace Diesel.Reactive.Protocols.Dns;

/// <summary>Which names a name that somebody wrote may mean, in the order to ask: resolv.conf(5), and glibc's <c>res_search</c>.</summary>
internal static class SearchList
{
    /// <param name="host">As it was written; a dot at the end: it means itself.</param>
    /// <param name="name">The same as a name.</param>
    /// <param name="search">What is put behind.</param>
    /// <param name="ndots">So many dots, and it is asked for as it is first.</param>
    /// <param name="noTopLevel">A single label is not asked for as it is.</param>
    public static List<DnsName> Candidates(string host, DnsName name, IReadOnlyList<DnsName> search, int ndots, bool noTopLevel)
    {
        if (host.EndsWith('.') || search.Count == 0)
        {
            return [name];
        }

        var dots = name.LabelCount - 1;
        List<DnsName> candidates = dots >= ndots && !(dots == 0 && noTopLevel) ? [name] : [];
        var isFirst = candidates.Count > 0;
        foreach (var suffix in search)
        {
            if (DnsName.TryJoin(name.Before(DnsName.Root), suffix, out var candidate))
            {
                candidates.Add(candidate);
            }
        }

        if (!isFirst && !(dots == 0 && noTopLevel))
        {
            candidates.Add(name);
        }

        return candidates;
    }
}
