using System.Net;
using System.Net.Sockets;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Diesel.Reactive;

/// <summary>Endpoints and their native forms, of those that a loop's datagrams came from and went to lately: making either costs as much as a small
/// datagram. The loop's thread only.</summary>
/// <remarks>A place for each hash, so it never grows; who shares one with another is made anew each time.</remarks>
internal sealed class EndPointCache
{
    /// <summary>Bytes that hold any native address.</summary>
    public const int Capacity = 128;

    private const int Bits = 8;
    private const ulong Mixer = 0x9E3779B97F4A7C15;

    private static readonly IPEndPoint Any = new(IPAddress.Any, 0);

    private readonly Place[] _byAddress = new Place[1 << Bits];
    private readonly Place[] _byEndPoint = new Place[1 << Bits];

    /// <summary>Who has this native address.</summary>
    public EndPoint EndPointOf(ReadOnlySpan<byte> native)
    {
        ref var place = ref _byAddress[HashOf(native)];
        if (!place.IsAsMade || !native.SequenceEqual(place.Native))
        {
            // Who has no name has no address either: a Unix socket's.
            place = new Place(native.IsEmpty ? Diesel.Reactive.EndPoints.Unnamed : Descriptors.EndPointOf(native, Any), native.ToArray(), FamilyOf(native));

            // It is likely to be answered.
            _byEndPoint[HashOf(place.EndPoint)] = place;
        }

        return place.EndPoint;
    }

    /// <summary>The native address of an endpoint, for a socket of a family.</summary>
    public ReadOnlySpan<byte> AddressOf(EndPoint endPoint, AddressFamily family)
    {
        ref var place = ref _byEndPoint[HashOf(endPoint)];
        if (!ReferenceEquals(place.EndPoint, endPoint) || place.Family != family || !place.IsAsMade)
        {
            place = new Place(endPoint, Descriptors.AddressOf(endPoint, family), family);
        }

        return place.Native;
    }

    private static int HashOf(EndPoint endPoint) => RuntimeHelpers.GetHashCode(endPoint) & ((1 << Bits) - 1);

    // Family, port, and the address: of IPv4 behind the port, of IPv6 behind a word more.
    private static int HashOf(ReadOnlySpan<byte> native)
    {
        if (native.Length < sizeof(ulong))
        {
            return 0;
        }

        var hash = MemoryMarshal.Read<ulong>(native) * Mixer;
        if (native.Length >= 24)
        {
            hash = (hash ^ MemoryMarshal.Read<ulong>(native[8..])) * Mixer;
            hash = (hash ^ MemoryMarshal.Read<ulong>(native[16..])) * Mixer;
        }

        return (int)(hash >> (64 - Bits));
    }

    private static AddressFamily FamilyOf(ReadOnlySpan<byte> native) => native.Length < 2 ? AddressFamily.Unspecified : MemoryMarshal.Read<ushort>(native) switch
    {
        2 => AddressFamily.InterNetwork,
        10 => AddressFamily.InterNetworkV6,
        1 => AddressFamily.Unix,
        _ => AddressFamily.Unspecified,
    };

    private readonly struct Place(EndPoint endPoint, byte[] native, AddressFamily family)
    {
        private readonly IPAddress? _address = (endPoint as IPEndPoint)?.Address;
        private readonly int _port = (endPoint as IPEndPoint)?.Port ?? 0;

        public EndPoint EndPoint => endPoint;

        public byte[] Native => native;

        public AddressFamily Family => family;

        // Endpoints can be changed by whoever has one.
        public bool IsAsMade => endPoint is not null && (endPoint is not IPEndPoint ip || (ip.Port == _port && ReferenceEquals(ip.Address, _address)));
    }
}
