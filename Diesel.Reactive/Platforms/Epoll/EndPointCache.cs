using System.Net;
using System.Net.Sockets;

namespace Diesel.Reactive;

/// <summary>The last endpoint and its native form: datagrams come in runs, and making either costs as much as a small
/// datagram.</summary>
internal sealed class EndPointCache(AddressFamily family)
{
    /// <summary>Bytes that hold any native address.</summary>
    public const int Capacity = 128;

    private readonly IPEndPoint _any = new(family == AddressFamily.InterNetworkV6 ? IPAddress.IPv6Any : IPAddress.Any, 0);
    private EndPoint? _endPoint;
    private byte[] _native = [];

    public EndPoint EndPointOf(ReadOnlySpan<byte> native)
    {
        if (_endPoint is null || !native.SequenceEqual(_native))
        {
            _native = native.ToArray();
            _endPoint = Descriptors.EndPointOf(native, _any);
        }

        return _endPoint;
    }

    public ReadOnlySpan<byte> AddressOf(EndPoint endPoint)
    {
        if (!ReferenceEquals(endPoint, _endPoint))
        {
            // A socket for both families only takes addresses of the newer one.
            var to = family == AddressFamily.InterNetworkV6 && endPoint is IPEndPoint { AddressFamily: AddressFamily.InterNetwork } v4
                ? new IPEndPoint(v4.Address.MapToIPv6(), v4.Port)
                : endPoint;
            var address = to.Serialize();
            _native = address.Buffer.Span[..address.Size].ToArray();
            _endPoint = endPoint;
        }

        return _native;
    }
}
