using System.Globalization;
using System.Net;
using System.Security.Cryptography;
using System.Text;

namespace Diesel.Reactive.Protocols.Memcached;

/// <summary>Points on a circle of 32 bits, each a server's: a key belongs to the first one from its hash on.</summary>
/// <remarks>Source: libmemcached's two rings, of which clients with the same settings find the same servers.</remarks>
internal sealed class ServerRing : IServerRing
{
    private const int UsualPort = 11211;

    private readonly uint[] _points;
    private readonly MemcachedServer[] _servers;
    private readonly KeyHash _hash;

    private ServerRing(IEnumerable<(uint Point, MemcachedServer Server)> points, KeyHash hash)
    {
        (uint Point, MemcachedServer Server)[] sorted = [.. points.OrderBy(static one => one.Point)];
        _points = [.. sorted.Select(static one => one.Point)];
        _servers = [.. sorted.Select(static one => one.Server)];
        _hash = hash;
    }

    private delegate uint KeyHash(ReadOnlySpan<byte> key);

    public static IServerRing Of(MemcachedHash hash, IReadOnlyList<(MemcachedServer Server, int Weight)> servers) => hash switch
    {
        MemcachedHash.Rendezvous => new RendezvousRing(servers),
        MemcachedHash.KetamaWeighted => new ServerRing(Weighted(servers), Md5Start),
        _ => new ServerRing(Unweighted(servers), Jenkins.OneAtATime),
    };

    public MemcachedServer Of(ReadOnlySpan<byte> key)
    {
        var at = Array.BinarySearch(_points, _hash(key));
        at = at >= 0 ? First(at) : ~at;
        return _servers[at == _points.Length ? 0 : at];
    }

    /// <summary>The name a server has on the ring.</summary>
    public static string NameOf(EndPoint server) => server switch
    {
        DnsEndPoint name => NameOf(name.Host, name.Port),
        IPEndPoint address => NameOf($"{address.Address}", address.Port),
        _ => $"{server}",
    };

    private static string NameOf(string host, int port) => port == UsualPort ? host : string.Create(CultureInfo.InvariantCulture, $"{host}:{port}");

    // 100 points, one hash each.
    private static IEnumerable<(uint Point, MemcachedServer Server)> Unweighted(IEnumerable<(MemcachedServer Server, int Weight)> servers) =>
        from one in servers
        let name = NameOf(one.Server.EndPoint)
        from i in Enumerable.Range(0, 100)
        select (Jenkins.OneAtATime(Encoding.UTF8.GetBytes($"{name}-{i}")), one.Server);

    // Four points a digest; how many digests is computed in single precision there, so here.
    private static IEnumerable<(uint Point, MemcachedServer Server)> Weighted(IReadOnlyList<(MemcachedServer Server, int Weight)> servers)
    {
        var total = servers.Sum(static one => (long)one.Weight);
        foreach (var (server, weight) in servers)
        {
            var share = (float)weight / (float)total;
            var digests = (int)MathF.Floor((float)((share * 160 / 4 * servers.Count) + 0.0000000001));
            for (var i = 0; i < digests; i++)
            {
                var digest = Md5(Encoding.UTF8.GetBytes($"{NameOf(server.EndPoint)}-{i}"));
                for (var x = 0; x < 4; x++)
                {
                    yield return (BitConverter.ToUInt32(digest, 4 * x), server);
                }
            }
        }
    }

    private static uint Md5Start(ReadOnlySpan<byte> key) => BitConverter.ToUInt32(Md5(key), 0);

#pragma warning disable CA5351 // It spreads keys as others do; nothing is protected by it.
    private static byte[] Md5(ReadOnlySpan<byte> bytes) => MD5.HashData(bytes);
#pragma warning restore CA5351

    // Of points that are the same, the first.
    private int First(int at)
    {
        while (at > 0 && _points[at - 1] == _points[at])
        {
            at--;
        }

        return at;
    }
}
