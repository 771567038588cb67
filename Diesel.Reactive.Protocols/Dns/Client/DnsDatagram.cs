namespace Diesel.Reactive.Protocols.Dns;

/// <summary>A query as a datagram, from a port of its own that nobody can guess, with an id that nobody can guess (RFC 5452).</summary>
internal sealed class DnsDatagram(DnsRun run, DnsServer server, DnsForm form, TimeSpan began) : DnsExchange(run, server, DnsTransport.Udp, form, began)
{
    // More forged replies than that to one query are an attack that may succeed one day: TCP is asked instead (RFC 5452, section 9.3).
    private const int MostForged = 20;

    private readonly ushort _id = DnsChance.Id();
    private DnsPort? _port;
    private int _forged;

    private DnsClient Client => Run.Client;

    public override void Begin()
    {
        _port = Server.Ports.Take(this);
        ForgetCookieOfAnotherAddress();
        var writer = Client.Writer;
        Write(writer, _id);
        _port.Send(writer.Written, Server.EndPoint);
    }

    public override void Dispose()
    {
        _port?.GiveBack();
        _port = null;
    }

    public void Received(Datagram datagram)
    {
        if (!datagram.RemoteEndPoint.Equals(Server.EndPoint) || !DnsMessageReader.IsReplyTo(datagram.Payload.Span, _id, Run.Asked.Question))
        {
            Forged();
            return;
        }

        DnsMessage reply;
        try
        {
            reply = DnsMessageReader.Read(datagram.Payload.Span, Run.Asked.Questions);
        }
        catch (DnsCutOffException)
        {
            // Some boxes cut datagrams without saying so.
            Run.AskByTcp(this);
            return;
        }
        catch (ProtocolException error)
        {
            Run.Failed(this, error);
            return;
        }

        Take(reply);
    }

    public void Failed(Exception error) => Run.Failed(this, error);

    // A cookie belongs to the address it was given to: elsewhere it would tell that both are one (RFC 7873, section 8.1).
    private void ForgetCookieOfAnotherAddress()
    {
        if (Server is { GivesCookies: true, CookieAddress: { } ours } && Server.Ports.LocalAddressOf(_port!) is { } now && !now.Equals(ours))
        {
            Server.ForgetCookie();
        }
    }

    private void Take(DnsMessage reply)
    {
        if (Form == DnsForm.Whole && Client.Options.UsesCookies)
        {
            var cookie = reply.Edns?.Find(DnsOption.Cookie);
            if (cookie is { } given && !Server.TakeCookie(given.Span, Server.CookieAddress is null ? Server.Ports.LocalAddressOf(_port!) : null))
            {
                Forged();
                return;
            }

            if (cookie is null && Server.GivesCookies)
            {
                // It may be forged, or the server has stopped giving cookies: over TCP nobody can forge.
                Run.AskByTcp(this);
                return;
            }
        }

        Run.Take(this, reply);
    }

    private void Forged()
    {
        Client.CountIgnored();
        if (++_forged > MostForged)
        {
            Run.AskByTcp(this);
        }
    }
}
