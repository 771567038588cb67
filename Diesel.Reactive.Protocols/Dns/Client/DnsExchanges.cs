namespace Diesel.Reactive.Protocols.Dns;

/// <summary>What was sent for one query and may still be answered, the newest first. Mostly one.</summary>
internal struct DnsExchanges
{
    public DnsExchange? Newest { get; private set; }

    /// <summary>Whether nobody is waited for who has not had its time.</summary>
    public readonly bool AreLate
    {
        get
        {
            var exchange = Newest;
            while (exchange is { IsLate: true })
            {
                exchange = exchange.Older;
            }

            return exchange is null;
        }
    }

    public void Add(DnsExchange exchange) => (exchange.Older, Newest) = (Newest, exchange);

    public readonly bool Contains(DnsExchange exchange)
    {
        var open = Newest;
        while (open is not null && open != exchange)
        {
            open = open.Older;
        }

        return open is not null;
    }

    /// <summary>It is over.</summary>
    public void Close(DnsExchange exchange)
    {
        if (Newest == exchange)
        {
            Newest = exchange.Older;
        }

        for (var newer = Newest; newer is not null; newer = newer.Older)
        {
            if (newer.Older == exchange)
            {
                newer.Older = exchange.Older;
            }
        }

        exchange.Dispose();
    }

    /// <summary>All are over.</summary>
    public void Close()
    {
        for (var exchange = Newest; exchange is not null; exchange = exchange.Older)
        {
            exchange.Dispose();
        }

        Newest = null;
    }
}
