using System.Text;

namespace Diesel.Reactive;

/// <summary>The PROXY protocol, by which a proxy says whose connection it passes on: its headers, and layers that read and send one.</summary>
/// <remarks>A service takes them with <c>TcpServiceOptions.ProxyProtocol</c>, which also counts connections by the client's address; a dial
/// sends one with <c>TcpConnectOptions.ProxyHeader</c>. Source: "The PROXY protocol, versions 1 and 2", of HAProxy.</remarks>
public static class ProxyProtocol
{
    internal const int DefaultMaxLength = 4096;

    private const int MostShown = 16;

    private static readonly Codec<ProxyHeader> DefaultHeaders = new ProxyProtocolCodec(DefaultMaxLength);

    /// <summary>Headers of both versions, told apart by their first byte.</summary>
    /// <param name="maxLength">Bytes of a whole header.</param>
    /// <returns>One header, no byte behind it. Without argument always the same instance.</returns>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="maxLength"/> is negative.</exception>
    /// <remarks>Errors: <see cref="FrameTooLongException"/> as soon as the length has arrived, <see cref="ProtocolException"/> at the first byte
    /// that no header has, for a checksum that does not fit, and for TLVs that are not whole. A local header, and one of a family that is not
    /// known, has no addresses.</remarks>
    public static Codec<ProxyHeader> Headers(int maxLength = DefaultMaxLength)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(maxLength);
        return maxLength == DefaultMaxLength ? DefaultHeaders : new ProxyProtocolCodec(maxLength);
    }

    /// <summary>A layer that reads a header before all else; the connection's endpoints are then those of the header.</summary>
    /// <param name="options">Length and time of a header; null for the defaults. Whom to trust is not asked: lay it over connections of proxies
    /// only, which a service's own option does.</param>
    /// <returns>For <c>ConnectionOptions.Layer</c> and <c>connection.Upgrade</c>. What it knows is a
    /// <see cref="ProxyHeader"/>.</returns>
    /// <remarks>When no header comes, or a wrong one, the connection is reset: <see cref="ProtocolException"/>, <see cref="TimeoutException"/>.</remarks>
    public static Func<ITransport, Hub, ITransport> Receive(ProxyProtocolOptions? options = null) =>
        (below, hub) => new ProxiedLayer(below, hub, options ?? ProxyProtocolOptions.Default);

    /// <summary>A layer that sends a header before all else.</summary>
    /// <param name="header">The same for all connections.</param>
    /// <returns>For <c>ConnectionOptions.Layer</c> and <c>connection.Upgrade</c>.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="header"/> is null.</exception>
    /// <exception cref="ArgumentException">The header says what its version cannot, or its addresses are of different kinds.</exception>
    public static Func<ITransport, Hub, ITransport> Send(ProxyHeader header)
    {
        var bytes = Headers(int.MaxValue).Encode(header);
        return (below, hub) => new ProxyHeaderLayer(below, hub, bytes);
    }

    internal static ProtocolException NoHeader(ReadOnlySpan<byte> bytes) => new(
        $"'{Label.OneLine(Encoding.Latin1.GetString(bytes[..Math.Min(bytes.Length, MostShown)]))}' begins no PROXY header. " +
        "Does the proxy send one (send-proxy-v2, proxy_protocol on), and is this the port it sends it to?");
}
