using System.Net;
using System.Reactive.Linq;
using System.Text;

namespace Diesel.Reactive.Protocols.Http;

/// <summary>An authority and the pool of connections to it.</summary>
internal sealed class HttpOrigin : IDisposable
{
    private static readonly TlsClientOptions Tls = new() { ApplicationProtocols = ["http/1.1"] };

    public HttpOrigin(HttpOriginKey key, HttpClientOptions options, ICredentials? proxyCredentials, Hub hub)
    {
        (Key, Options, ProxyCredentials) = (key, options, proxyCredentials);
        HostLine = Encoding.ASCII.GetBytes($"Host: {key.Authority}\r\n");
        IsAskedWhole = key.Proxy is { Scheme: "http" } && !key.IsTls;
        var (host, port) = IsAskedWhole ? (key.Proxy!.IdnHost, key.Proxy.Port) : (key.Host, key.Port);
        var connect = options with { Tls = key.IsTls ? TlsFor(key, options) : null, Proxy = IsAskedWhole ? null : Tunnel(key, proxyCredentials) ?? options.Proxy };
        Pool = new Pool<HttpLink>(
            Tcp.Connect(host.Trim('[', ']'), port, connect, hub).Select(connection => new HttpLink(connection, this, hub)),
            static link => link.Close(),
            new PoolOptions<HttpLink>
            {
                Name = $"pool of connections to {key}",
                Max = options.MaxConnections,
                MaxIdle = options.MaxConnections,
                MaxWaiting = options.MaxWaiting,
                AcquireTimeout = options.QueueTimeout,
                IdleTimeout = options.IdleTimeout,
                Lifetime = options.Lifetime,

                // No Watch: a connection reads all its life, and is closed by what comes at rest; whoever borrows next is not given it.
                IsUsable = static link => link.IsUsable,

                // A connection forgets its lease before it gives it back.
                ReusesLeases = true,
            },
            hub);
    }

    public HttpOriginKey Key { get; }

    public HttpClientOptions Options { get; }

    public ICredentials? ProxyCredentials { get; }

    public Pool<HttpLink> Pool { get; }

    /// <summary>The Host field.</summary>
    public ReadOnlyMemory<byte> HostLine { get; }

    /// <summary>Whether requests name the whole URI (RFC 9112 §3.2.2): they go to a proxy.</summary>
    public bool IsAskedWhole { get; }

    public void Dispose() => Pool.Dispose();

    public override string ToString() => Key.ToString();

    private static TlsClientOptions TlsFor(HttpOriginKey key, HttpClientOptions options)
    {
        var tls = options.Tls as TlsClientOptions ?? Tls;
        return tls.ServerName is null ? tls with { ServerName = key.Host.Trim('[', ']') } : tls;
    }

    private static ForwardProxy? Tunnel(HttpOriginKey key, ICredentials? credentials)
    {
        if (key.Proxy is not { } proxy)
        {
            return null;
        }

        var login = credentials?.GetCredential(proxy, "Basic");
        return proxy.Scheme switch
        {
            "http" => new HttpProxy(proxy.IdnHost, proxy.Port) { User = login?.UserName, Password = login?.Password },
            "socks5" or "socks5h" => new Socks5Proxy(proxy.IdnHost, proxy.Port) { User = login?.UserName, Password = login?.Password },
            var other => throw new NotSupportedException($"The proxy {proxy.Host}:{proxy.Port} is one of {other}, which is not spoken here: http, socks5 and socks5h are."),
        };
    }
}
