using System.Text;

namespace Diesel.Reactive.Protocols.Memcached;

/// <summary>The server of the highest score has a key: when one goes, only its keys move, each to where it is second best.</summary>
/// <remarks>Source: Thaler and Ravishankar, "Using Name-Based Mappings to Increase Hit Rates" (1998), with weights as -w / ln(h).</remarks>
internal sealed class RendezvousRing(IReadOnlyList<(MemcachedServer Server, int Weight)> servers) : IServerRing
{
    private readonly (MemcachedServer Server, double Weight, ulong Seed)[] _servers =
        [.. servers.Select(static one => (one.Server, (double)one.Weight, Hash(Encoding.UTF8.GetBytes(ServerRing.NameOf(one.Server.EndPoint)), 14695981039346656037)))];

    public MemcachedServer Of(ReadOnlySpan<byte> key)
    {
        var (best, most) = (_servers[0].Server, double.NegativeInfinity);
        foreach (var (server, weight, seed) in _servers)
        {
            // In (0, 1): 53 bits, and never zero.
            var part = ((Mixed(Hash(key, seed)) >> 11) + 0.5) * (1.0 / (1UL << 53));
            var score = -weight / Math.Log(part);
            if (score > most)
            {
                (best, most) = (server, score);
            }
        }

        return best;
    }

    // FNV-1a, from a seed.
    private static ulong Hash(ReadOnlySpan<byte> bytes, ulong seed)
    {
        foreach (var each in bytes)
        {
            seed = (seed ^ each) * 1099511628211;
        }

        return seed;
    }

    // SplitMix64's last steps: each bit of the score depends on each of the hash.
    private static ulong Mixed(ulong hash)
    {
        hash = (hash ^ (hash >> 30)) * 0xbf58476d1ce4e5b9;
        hash = (hash ^ (hash >> 27)) * 0x94d049bb133111eb;
        return hash ^ (hash >> 31);
    }
}
