namespace Diesel.Reactive.Protocols.Dns;

/// <summary>A query that was sent to one server, as long as its answer may come.</summary>
/// <param name="run">Who is told.</param>
/// <param name="server">Who was asked.</param>
/// <param name="transport">How.</param>
/// <param name="form">With what of EDNS.</param>
/// <param name="began">When.</param>
internal abstract class DnsExchange(DnsRun run, DnsServer server, DnsTransport transport, DnsForm form, TimeSpan began) : IDisposable
{
    public DnsServer Server => server;

    public DnsTransport Transport => transport;

    public DnsForm Form => form;

    public DnsRun Run => run;

    /// <summary>When it was sent.</summary>
    public TimeSpan Began => began;

    /// <summary>Whether somebody was asked instead of waiting on for this one; its answer is still taken.</summary>
    public bool IsLate { get; set; }

    /// <summary>The one before it, of the same query.</summary>
    public DnsExchange? Older { get; set; }

    /// <summary>Sends it.</summary>
    /// <exception cref="ConnectionException">There is no way there.</exception>
    public abstract void Begin();

    /// <summary>Writes what is sent.</summary>
    public void Write(DnsWriter writer, ushort id) => run.Asked.Write(writer, id, transport, form, server, run.Client.Options);

    public abstract void Dispose();
}
