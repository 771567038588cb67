using System.Net;
using System.Net.Sockets;

namespace Diesel.Reactive.Protocols.Dns;

/// <summary>A query as a datagram, from a port of its own that nobody can guess, with an id that nobody can guess (RFC 5452).</summary>
internal sealed class DnsDatagram(DnsExchange exchange) : IDisposable
{
    // More forged replies than that to one query are an attack that may succeed one day: TCP is asked instead (RFC 5452, section 9.3).
    private const int MostForged = 20;

    private static readonly IPEndPoint AnyV4 = new(IPAddress.Any, 0);
    private static readonly IPEndPoint AnyV6 = new(IPAddress.IPv6Any, 0);

    private readonly ushort _id = DnsChance.Id();
    private IDatagramTransport? _socket;
    private int _forged;

    private DnsClient Client => exchange.Run.Client;

    private DnsServer Server => exchange.Server;

    // Where the network tells it.
    private IPAddress? Ours => _socket!.LocalEndPoint is IPEndPoint local && !local.Address.Equals(IPAddress.Any) && !local.Address.Equals(IPAddress.IPv6Any) ? local.Address : null;

    public void Begin()
    {
        _socket = Bind();
        var writer = Client.Writer;
        exchange.Write(writer, _id);
        _socket.Start(Received, Failed);
        _socket.Send(new Datagram(writer.Written.ToArray(), Server.EndPoint));
    }

    public void Dispose()
    {
        _socket?.Close();
        _socket = null;
    }

    private IDatagramTransport Bind()
    {
        // A cookie belongs to the address it was given to (RFC 7873, section 8.1).
        if (Server is { GivesCookies: true, CookieAddress: { } ours })
        {
            try
            {
                return Client.Hub.Network.Bind(new IPEndPoint(ours, 0), Server.EndPoint, Client.Socket);
            }
            catch (ConnectionException)
            {
                Server.ForgetCookie();
            }
        }

        var any = Server.EndPoint.AddressFamily == AddressFamily.InterNetworkV6 ? AnyV6 : AnyV4;
        return Client.Hub.Network.Bind(any, Server.EndPoint, Client.Socket);
    }

    private void Received(Datagram datagram)
    {
        if (_socket is null)
        {
            return;
        }

        if (!datagram.RemoteEndPoint.Equals(Server.EndPoint) || !DnsMessageReader.IsReplyTo(datagram.Payload.Span, _id, exchange.Run.Asked.Bytes))
        {
            Forged();
            return;
        }

        DnsMessage reply;
        try
        {
            reply = DnsMessageReader.Read(datagram.Payload.Span);
        }
        catch (DnsCutOffException)
        {
            // Some boxes cut datagrams without saying so.
            exchange.Run.AskByTcp(exchange);
            return;
        }
        catch (ProtocolException error)
        {
            exchange.Run.Failed(exchange, error);
            return;
        }

        Take(reply);
    }

    private void Take(DnsMessage reply)
    {
        if (exchange.Form == DnsForm.Whole && Client.Options.UsesCookies)
        {
            var cookie = reply.Edns?.Find(DnsOption.Cookie);
            if (cookie is { } given && !Server.TakeCookie(given.Span, Ours))
            {
                Forged();
                return;
            }

            if (cookie is null && Server.GivesCookies)
            {
                // It may be forged, or the server has stopped giving cookies: over TCP nobody can forge.
                exchange.Run.AskByTcp(exchange);
                return;
            }
        }

        exchange.Run.Take(exchange, reply);
    }

    private void Forged()
    {
        Client.CountIgnored();
        if (++_forged > MostForged)
        {
            exchange.Run.AskByTcp(exchange);
        }
    }

    private void Failed(Exception error)
    {
        if (_socket is not null)
        {
            exchange.Run.Failed(exchange, error);
        }
    }
}
