using System.Net;

namespace Diesel.Reactive.Protocols.Dns;

/// <summary>How many replies each network was sent within this second.</summary>
/// <param name="limit">So many may be.</param>
/// <param name="clock">Tells the seconds.</param>
internal sealed class RateOfReplies(int limit, TimeProvider clock)
{
    // What strangers can have us remember within a second.
    private const int MaxNetworks = 100_000;

    private readonly Dictionary<UInt128, int> _sent = [];
    private long _second;

    /// <summary>One more is to be sent.</summary>
    /// <returns>How many it is past the limit; 0: it may be.</returns>
    public int Over(IPAddress asker)
    {
        var second = clock.GetTimestamp() / clock.TimestampFrequency;
        if (second != _second || _sent.Count >= MaxNetworks)
        {
            _second = second;
            _sent.Clear();
        }

        var network = NetworkOf(asker);
        var sent = _sent.GetValueOrDefault(network) + 1;
        _sent[network] = sent;
        return Math.Max(sent - limit, 0);
    }

    private static UInt128 NetworkOf(IPAddress address)
    {
        var bytes = (address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address).GetAddressBytes();
        var network = UInt128.Zero;
        foreach (var value in bytes.AsSpan(0, bytes.Length == 4 ? 3 : 7))
        {
            network = (network << 8) | value;
        }

        return bytes.Length == 4 ? network : network | (UInt128.One << 120);
    }
}
