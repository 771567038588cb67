using System.Net;

namespace Diesel.Reactive;

/// <summary>A server by way of which connections are made: <c>TcpConnectOptions.Proxy</c>. <see cref="Socks5Proxy"/> or
/// <see cref="HttpProxy"/>.</summary>
/// <remarks>The host of a dial is resolved by the proxy, not here. The connection's <c>RemoteEndPoint</c> is what was
/// dialled; <c>connection.Feature&lt;ProxyTunnel&gt;()</c> tells the proxy.</remarks>
public abstract record ForwardProxy
{
    private protected ForwardProxy(EndPoint endPoint) => EndPoint = EndPoints.Remote(endPoint);

    /// <summary>Where the proxy listens; its own name is looked up for each connection.</summary>
    public EndPoint EndPoint { get; }

    /// <summary>Who asks; null, the default: nobody in particular.</summary>
    public string? User { get; init; }

    /// <summary>The user's password; shown nowhere.</summary>
    public string? Password { get; init; }

    /// <summary>Which proxy, without the password.</summary>
    public sealed override string ToString() => $"{Kind} {EndPoints.Text(EndPoint)}";

    private protected abstract string Kind { get; }

    internal ITransport LayOver(ITransport transport, Hub hub, EndPoint destination) =>
        new TunnelLayer(transport, hub, this, destination, Ask(destination));

    /// <summary>What can be wrong with a dial before anything is dialled.</summary>
    /// <exception cref="ArgumentException">The proxy cannot be asked for such an endpoint.</exception>
    /// <exception cref="InvalidOperationException">User and password have no form in its protocol.</exception>
    internal void ThrowIfUnaskable(EndPoint destination) => _ = Ask(destination);

    /// <summary>How to ask for an endpoint.</summary>
    /// <exception cref="ArgumentException">The proxy cannot be asked for such an endpoint.</exception>
    /// <exception cref="InvalidOperationException">User and password have no form in its protocol.</exception>
    private protected abstract Exchange Ask(EndPoint destination);

    private protected ProxyException Refused(EndPoint destination, int code, string why) =>
        new($"The {this} did not connect to {EndPoints.Text(destination)}: {why}", code, EndPoint);

    private protected ArgumentException NoSuchEndPoint(EndPoint destination) => new(
        $"The {this} connects to addresses and hosts, and {EndPoints.Text(destination)} is neither.", nameof(destination));
}
