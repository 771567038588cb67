namespace Diesel.Reactive.Protocols.Dns;

/// <summary>A query that was sent to one server, as long as its answer may come.</summary>
/// <param name="run">Who is told.</param>
/// <param name="server">Who was asked.</param>
/// <param name="transport">How.</param>
/// <param name="form">With what of EDNS.</param>
internal sealed class DnsExchange(DnsRun run, DnsServer server, DnsTransport transport, DnsForm form) : IDisposable
{
    private IDisposable? _way;

    public DnsServer Server => server;

    public DnsTransport Transport => transport;

    public DnsForm Form => form;

    public DnsRun Run => run;

    /// <summary>When it was sent.</summary>
    public TimeSpan Began { get; } = run.Client.Elapsed;

    /// <summary>Whether somebody was asked instead of waiting on for this one; its answer is still taken.</summary>
    public bool IsLate { get; set; }

    /// <summary>Sends it.</summary>
    /// <exception cref="ConnectionException">There is no way there.</exception>
    public void Begin()
    {
        if (transport == DnsTransport.Udp)
        {
            var datagram = new DnsDatagram(this);
            _way = datagram;
            datagram.Begin();
        }
        else
        {
            _way = server.Link.Send(new DnsStreamCall(this));
        }
    }

    /// <summary>Writes what is sent.</summary>
    public void Write(DnsWriter writer, ushort id) => run.Asked.Write(writer, id, transport, form, server, run.Client.Options);

    public void Dispose() => _way?.Dispose();
}
