using System.Net;

namespace Diesel.Reactive;

/// <summary>A connection to a proxy that is asked to go on to another endpoint.</summary>
internal sealed class TunnelLayer(ITransport below, Hub hub, ForwardProxy proxy, EndPoint destination, Exchange first)
    : NegotiatedLayer(below, hub, $"a connection to {EndPoints.Text(destination)} through the {proxy}")
{
    private readonly ProxyTunnel _tunnel = new(proxy, below.RemoteEndPoint);

    public override EndPoint RemoteEndPoint => destination;

    public override T? Feature<T>()
        where T : class => _tunnel as T ?? base.Feature<T>();

    protected override Exchange First() => first;

    // A refusal has its own words; what the proxy says else is not the peer's that was asked for.
    protected override Exception Told(Exception error) => error is ProxyException ? error : new ProxyException(
        $"Cannot connect to {EndPoints.Text(destination)} through the {proxy}: {Label.MessageOf(error)}", null, Below.RemoteEndPoint, error);
}
