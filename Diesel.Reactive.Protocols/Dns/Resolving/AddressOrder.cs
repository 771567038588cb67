using System.Net;
using System.Net.Sockets;

namespace Diesel.Reactive.Protocols.Dns;

/// <summary>In which order addresses are to be tried: RFC 6724, section 6.</summary>
/// <remarks>Of its rules 3, 4 and 7 (deprecated and home addresses, tunnels) nothing is known here.</remarks>
internal static class AddressOrder
{
    // RFC 6724, section 2.1: prefix, its bits, precedence and label. The longest that fits counts.
    private static readonly (byte[] Prefix, int Bits, int Precedence, int Label)[] Policy =
    [
        .. new (string Prefix, int Bits, int Precedence, int Label)[]
        {
            ("::1", 128, 50, 0), ("::ffff:0:0", 96, 35, 4), ("::", 96, 1, 3), ("2001::", 32, 5, 5), ("2002::", 16, 30, 2), ("3ffe::", 16, 1, 12),
            ("fec0::", 10, 1, 11), ("fc00::", 7, 3, 13), ("::", 0, 40, 1),
        }.Select(static row => (IPAddress.Parse(row.Prefix).GetAddressBytes(), row.Bits, row.Precedence, row.Label)),
    ];

    /// <summary>Sorts addresses; those that are equal stay in their order.</summary>
    /// <param name="addresses">Where to.</param>
    /// <param name="sourceOf">From which address the machine would send there; null: there is no way.</param>
    public static IReadOnlyList<IPAddress> Sort(IReadOnlyList<IPAddress> addresses, Func<IPAddress, IPAddress?> sourceOf)
    {
        if (addresses.Count < 2)
        {
            return addresses;
        }

        Place[] places = [.. addresses.Select(address => new Place(address, sourceOf(address)))];
        return [.. places.Order(Comparer<Place>.Create(Compare)).Select(static place => place.Address)];
    }

    // Enumerable.Order is stable: rule 10.
    private static int Compare(Place left, Place right) =>
        // Rule 1: avoid unusable destinations.
        Better(left.Source is not null, right.Source is not null) is var usable and not 0 ? usable
        : left.Source is null ? 0
        // Rule 2: prefer matching scope.
        : Better(left.Scope == left.SourceScope, right.Scope == right.SourceScope) is var scope and not 0 ? scope
        // Rule 5: prefer matching label.
        : Better(left.Label == left.SourceLabel, right.Label == right.SourceLabel) is var label and not 0 ? label
        // Rule 6: prefer higher precedence.
        : right.Precedence.CompareTo(left.Precedence) is var precedence and not 0 ? precedence
        // Rule 8: prefer smaller scope.
        : left.Scope.CompareTo(right.Scope) is var smaller and not 0 ? smaller
        // Rule 9: use longest matching prefix.
        : left.Common is { } mine && right.Common is { } others ? others.CompareTo(mine) : 0;

    private static int Better(bool left, bool right) => right.CompareTo(left);

    private static (int Precedence, int Label) PolicyOf(byte[] address)
    {
        foreach (var (prefix, bits, precedence, label) in Policy)
        {
            if (CommonBits(prefix, address) >= bits)
            {
                return (precedence, label);
            }
        }

        return (40, 1);
    }

    // RFC 6724, section 3.1, and 3.2 for IPv4: link-local 2, site-local 5, global 14, as multicast has them.
    private static int ScopeOf(IPAddress address, byte[] bytes)
    {
        if (address.AddressFamily == AddressFamily.InterNetwork)
        {
            return bytes[12] == 127 || (bytes[12] == 169 && bytes[13] == 254) ? 2 : 14;
        }

        return address.IsIPv6Multicast ? bytes[1] & 15 : address.IsIPv6LinkLocal || IPAddress.IsLoopback(address) ? 2 : address.IsIPv6SiteLocal ? 5 : 14;
    }

    private static int CommonBits(ReadOnlySpan<byte> left, ReadOnlySpan<byte> right)
    {
        var whole = left.CommonPrefixLength(right);
        return whole == left.Length ? whole * 8 : whole * 8 + byte.LeadingZeroCount((byte)(left[whole] ^ right[whole]));
    }

    private sealed class Place
    {
        public Place(IPAddress address, IPAddress? source)
        {
            var bytes = address.MapToIPv6().GetAddressBytes();
            (Address, Source) = (address, source);
            (Scope, (Precedence, Label)) = (ScopeOf(address, bytes), PolicyOf(bytes));
            if (source is not null)
            {
                var from = source.MapToIPv6().GetAddressBytes();
                (SourceScope, SourceLabel) = (ScopeOf(source, from), PolicyOf(from).Label);

                // Of IPv6 only: behind one router all IPv4 addresses are equal. The prefix has 64 bits at most: behind that are names of machines.
                Common = address.AddressFamily == AddressFamily.InterNetworkV6 && source.AddressFamily == AddressFamily.InterNetworkV6
                    ? Math.Min(CommonBits(bytes, from), 64) : null;
            }
        }

        public IPAddress Address { get; }

        public IPAddress? Source { get; }

        public int Scope { get; }

        public int SourceScope { get; }

        public int Precedence { get; }

        public int Label { get; }

        public int SourceLabel { get; }

        public int? Common { get; }
    }
}
