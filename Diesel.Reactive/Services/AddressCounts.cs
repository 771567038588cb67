using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;

namespace Diesel.Reactive;

/// <summary>How many connections each address has. Of IPv6 the first 64 bits count, since whoever has one address there has
/// them all; an IPv4 address is the same however it is written. Endpoints without an address are not counted.</summary>
internal sealed class AddressCounts(int? most)
{
    private readonly Dictionary<UInt128, int> _counts = [];

    /// <summary>Counts one more; false: there are as many as may be.</summary>
    public bool TryEnter(EndPoint remote)
    {
        if (most is null || KeyOf(remote) is not { } key)
        {
            return true;
        }

        var count = _counts.GetValueOrDefault(key);
        if (count >= most)
        {
            return false;
        }

        _counts[key] = count + 1;
        return true;
    }

    public void Leave(EndPoint remote)
    {
        if (most is null || KeyOf(remote) is not { } key || !_counts.TryGetValue(key, out var count))
        {
            return;
        }

        if (count > 1)
        {
            _counts[key] = count - 1;
        }
        else
        {
            _counts.Remove(key);
        }
    }

    private static UInt128? KeyOf(EndPoint remote)
    {
        if (remote is not IPEndPoint { Address: var address })
        {
            return null;
        }

        Span<byte> bytes = stackalloc byte[16];
        bytes.Clear();
        if (address.AddressFamily == AddressFamily.InterNetworkV6 && !address.IsIPv4MappedToIPv6)
        {
            address.TryWriteBytes(bytes, out _);
            bytes[8..].Clear();
        }
        else
        {
            address.MapToIPv6().TryWriteBytes(bytes, out _);
        }

        return BinaryPrimitives.ReadUInt128BigEndian(bytes);
    }
}
