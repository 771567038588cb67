namespace Diesel.Reactive;

/// <summary>A connection of which this side says first whose it is.</summary>
internal sealed class ProxyHeaderLayer(ITransport below, Hub hub, ReadOnlyMemory<byte> header) : NegotiatedLayer(below, hub, "sending a PROXY header")
{
    protected override Exchange First() => new(header);
}
