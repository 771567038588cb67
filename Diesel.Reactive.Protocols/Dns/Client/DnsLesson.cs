namespace Diesel.Reactive.Protocols.Dns;

/// <summary>What a reply tells of its server, whatever the answer: RFC 6891 (EDNS), RFC 7873 (cookies), RFC 7828 (how long a connection is kept).</summary>
internal static class DnsLesson
{
    public static void Take(DnsExchange exchange, DnsMessage reply)
    {
        var (server, run) = (exchange.Server, exchange.Run);
        if (reply.Edns is not { } edns)
        {
            // Asked without, though it was to be with: it had not answered that.
            var isFoundOut = exchange.Form == DnsForm.Plain && run.Asked.UsesEdns && run.Client.Options.UsesEdns && server is { TakesEdns: true, KnowsEdns: false };
            if (isFoundOut || (exchange.Form != DnsForm.Plain && reply.ResponseCode is not (DnsResponseCode.ServerFailure or DnsResponseCode.Refused)))
            {
                server.HasNoEdns();
            }

            return;
        }

        server.HasEdns();
        if (exchange.Transport is DnsTransport.Udp or DnsTransport.Http || exchange.Form != DnsForm.Whole)
        {
            return;
        }

        if (edns.Find(DnsOption.KeepAlive) is { Length: 2 } time)
        {
            server.Link.KeepAlive(TimeSpan.FromMilliseconds(100 * ((time.Span[0] << 8) | time.Span[1])));
        }

        if (edns.Find(DnsOption.Cookie) is { } cookie)
        {
            server.TakeCookie(cookie.Span, null);
        }
        else if (server.GivesCookies)
        {
            server.HasNoCookie();
        }
    }
}
