using System.Net;

namespace Diesel.Reactive;

/// <summary>From whom a service takes PROXY protocol headers, and how much of them.</summary>
public sealed record ProxyProtocolOptions
{
    private readonly int _maxHeaderLength = ProxyProtocol.DefaultMaxLength;
    private readonly TimeSpan _headerTimeout = TimeSpan.FromSeconds(5);

    /// <summary>The networks of the proxies; default: this machine. Whoever is in them can claim to be anybody. Peers at a Unix socket are
    /// trusted always: the mode of its file says who they can be.</summary>
    /// <exception cref="ArgumentNullException">It is set to null.</exception>
    public IReadOnlyList<IPNetwork> TrustedNetworks
    {
        get;
        init => field = value ?? throw new ArgumentNullException(nameof(value));
    } = [new IPNetwork(IPAddress.Parse("127.0.0.0"), 8), new IPNetwork(IPAddress.IPv6Loopback, 128)];

    /// <summary>Whether peers outside of these networks are served, too, as who they are: they send no header, and what looks like one is
    /// input like any other. Default false: they are reset.</summary>
    public bool ServesOthers { get; init; }

    /// <summary>Bytes of the longest header; default 4096. One of version 1 has 107 at most.</summary>
    public int MaxHeaderLength { get => _maxHeaderLength; init => _maxHeaderLength = Setting.Positive(value); }

    /// <summary>How long a header may take to arrive; default 5 s, <see cref="Timeout.InfiniteTimeSpan"/>: for ever. Three seconds and more
    /// leave time for a lost packet.</summary>
    public TimeSpan HeaderTimeout { get => _headerTimeout; init => _headerTimeout = Setting.PositiveOrInfinite(value); }

    internal static ProxyProtocolOptions Default { get; } = new();

    internal bool Trusts(EndPoint peer) => peer switch
    {
        IPEndPoint { Address: var address } => TrustedNetworks.Any(network => network.Contains(
            address.IsIPv4MappedToIPv6 && network.BaseAddress.AddressFamily != address.AddressFamily ? address.MapToIPv4() : address)),
        _ => peer.IsUnix(),
    };
}
