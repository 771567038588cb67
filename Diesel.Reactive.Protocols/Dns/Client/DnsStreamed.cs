namespace Diesel.Reactive.Protocols.Dns;

/// <summary>A query over a server's connection.</summary>
internal sealed class DnsStreamed(DnsRun run, DnsServer server, DnsTransport transport, DnsForm form, TimeSpan began)
    : DnsExchange(run, server, transport, form, began)
{
    private IDisposable? _call;

    public override void Begin() => _call = Server.Link.Send(new DnsStreamCall(this));

    public override void Dispose() => _call?.Dispose();
}
