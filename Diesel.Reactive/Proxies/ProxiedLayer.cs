using System.Net;

namespace Diesel.Reactive;

/// <summary>A connection whose peer is a proxy, which says first whose it is.</summary>
internal sealed class ProxiedLayer(ITransport below, Hub hub, ProxyProtocolOptions options) : NegotiatedLayer(below, hub, $"the PROXY header of {below}")
{
    private ProxyHeader? _header;

    public override EndPoint LocalEndPoint => _header?.Destination ?? Below.LocalEndPoint;

    public override EndPoint RemoteEndPoint => _header?.Source ?? Below.RemoteEndPoint;

    protected override TimeSpan? Patience => options.HeaderTimeout == Timeout.InfiniteTimeSpan ? null : options.HeaderTimeout;

    public override T? Feature<T>()
        where T : class => _header as T ?? base.Feature<T>();

    protected override Exchange First() => new(default, ProxyProtocol.Headers(options.MaxHeaderLength).Select(Exchange? (header) =>
    {
        _header = header;
        return null;
    }));
}
