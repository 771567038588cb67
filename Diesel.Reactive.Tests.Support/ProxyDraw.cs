using System.Net;
using System.Net.Sockets;

namespace Diesel.Reactive.Tests;

/// <summary>Draws headers of the PROXY protocol.</summary>
internal static class ProxyDraw
{
    public static byte[] Wire(FramingDraw draw) => ProxyProtocol.Headers().Encode(draw.Number(0, 5) switch
    {
        0 => ProxyHeader.Local,
        1 => new ProxyHeader { Version = draw.Number(1, 2) },
        2 => Header(draw) with { Version = 1 },
        3 => ProxyHeader.Of(new UnixDomainSocketEndPoint($"/{draw.Text("ab", 0, 100)}"), new UnixDomainSocketEndPoint("\0a")),
        _ => Header(draw) with { HasChecksum = draw.Coin(), IsDatagram = draw.Coin(), Tlvs = draw.Some(() => new ProxyTlv((byte)draw.Number(0xE0, 0xFF), draw.Bytes(draw.Number(0, 20)))) },
    }).ToArray();

    private static ProxyHeader Header(FramingDraw draw)
    {
        var length = draw.Coin() ? 4 : 16;
        return ProxyHeader.Of(EndPoint(), EndPoint());

        IPEndPoint EndPoint() => new(new IPAddress(draw.Bytes(length)), draw.Number(0, 65535));
    }
}
