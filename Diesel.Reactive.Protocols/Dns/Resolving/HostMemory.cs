using System.Collections.Concurrent;
using System.Net;

namespace Diesel.Reactive.Protocols.Dns;

/// <summary>The addresses of a host in their order, as long as all that they stand on holds.</summary>
/// <param name="Addresses">In the order to try them.</param>
/// <param name="Grounds">What was found in memory, or put there, on the way to them.</param>
/// <param name="Until">When the system's files are to be looked at again, and its ways to the addresses.</param>
internal sealed record KnownHost(IReadOnlyList<IPAddress> Addresses, IReadOnlyList<CacheEntry> Grounds, TimeSpan Until)
{
    public bool Holds(TimeSpan now)
    {
        if (now >= Until)
        {
            return false;
        }

        foreach (var ground in Grounds)
        {
            if (ground.IsGone || now >= ground.Expires)
            {
                return false;
            }
        }

        return true;
    }
}

/// <summary>Hosts as they were written, and what was found for them, for a second at most: who asks again and again need not search the same way each time.
/// Any thread.</summary>
/// <param name="most">How many; then it begins anew.</param>
internal sealed class HostMemory(int most)
{
    private readonly ConcurrentDictionary<string, KnownHost> _hosts = new(StringComparer.Ordinal);
    private int _count;

    /// <summary>What is known of a host.</summary>
    public IReadOnlyList<IPAddress>? Find(string host, TimeSpan now)
    {
        if (!_hosts.TryGetValue(host, out var known) || !known.Holds(now))
        {
            return null;
        }

        foreach (var ground in known.Grounds)
        {
            ground.Use();
        }

        return known.Addresses;
    }

    /// <summary>On the hub.</summary>
    public void Put(string host, KnownHost known)
    {
        if (++_count > most)
        {
            _hosts.Clear();
            _count = 1;
        }

        _hosts[host] = known;
    }
}
