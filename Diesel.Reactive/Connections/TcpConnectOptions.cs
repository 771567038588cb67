using System.Net;

namespace Diesel.Reactive;

/// <summary>How to dial.</summary>
public record TcpConnectOptions : ConnectionOptions
{
    private readonly TimeSpan _connectTimeout = TimeSpan.FromSeconds(15);

    /// <summary>How long finding the address and connecting may take together; default 15 s.</summary>
    public TimeSpan ConnectTimeout { get => _connectTimeout; init => _connectTimeout = Setting.Positive(value); }

    /// <summary>By way of whom to connect: a <see cref="Socks5Proxy"/> or an <see cref="HttpProxy"/>, within the <see cref="ConnectTimeout"/>.
    /// Null, the default: without anybody.</summary>
    public ForwardProxy? Proxy { get; init; }

    /// <summary>What is said of the client to a server that expects the PROXY protocol, before all else. Null, the default: nothing.</summary>
    public ProxyHeader? ProxyHeader { get; init; }

    internal static new TcpConnectOptions Default { get; } = new();

    /// <summary>What no property can say alone, of a dial.</summary>
    /// <exception cref="ArgumentException">The proxy cannot be asked for such an endpoint, or the header is none.</exception>
    /// <exception cref="InvalidOperationException">User and password have no form in the proxy's protocol.</exception>
    internal TcpConnectOptions For(EndPoint remote)
    {
        Proxy?.ThrowIfUnaskable(remote);
        if (ProxyHeader is not null)
        {
            ProxyProtocol.Send(ProxyHeader);
        }

        return this;
    }

    /// <summary>What is dialled, as errors show it.</summary>
    internal string NameOf(EndPoint remote) => Proxy is null ? EndPoints.Text(remote) : $"{EndPoints.Text(remote)} through the {Proxy}";

    /// <summary>Why there is no connection, when that is so with the proxy already.</summary>
    internal Exception Told(Exception error, EndPoint remote) => Proxy is null ? error : new ProxyException(
        $"Cannot connect to {NameOf(remote)}: {error.Message}", null, Proxy.EndPoint, error);

    /// <summary>The transport that was dialled, with what leads on from there to the endpoint that is meant.</summary>
    internal ITransport LeadOn(ITransport transport, Hub hub, EndPoint remote)
    {
        transport = Proxy is null ? transport : Proxy.LayOver(transport, hub, remote);
        return ProxyHeader is null ? transport : ProxyProtocol.Send(ProxyHeader)(transport, hub);
    }
}
