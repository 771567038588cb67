namespace Diesel.Reactive.Protocols.Dns;

/// <summary>One query under way: to one server after the other until one answers. On its client's hub.</summary>
internal sealed class DnsRun : IDisposable
{
    private readonly TimeSpan _began;
    private DnsTurns _turns;
    private DnsExchanges _exchanges;
    private IObserver<DnsReply>? _observer;
    private DnsReply? _last;
    private bool _isOver;

    /// <param name="client">Whose query it is.</param>
    /// <param name="asked">What is asked.</param>
    /// <param name="observer">Who wants to know; null: it is only to see whether a server lives.</param>
    /// <param name="servers">Who is asked, in that order.</param>
    /// <param name="tries">How often each is asked at most.</param>
    public DnsRun(DnsClient client, DnsAsked asked, IObserver<DnsReply>? observer, DnsServer[] servers, int tries)
    {
        (Client, Asked, _observer, _began) = (client, asked, observer, client.Elapsed);
        _turns = new DnsTurns(client, asked, servers, tries);
    }

    public DnsClient Client { get; }

    public DnsAsked Asked { get; }

    /// <summary>When somebody else is to be asked, or nobody.</summary>
    public TimeSpan Due { get; set; }

    /// <summary>Where it stands among those of its client; -1: nowhere.</summary>
    public int Place { get; set; } = -1;

    private TimeSpan Ends => _began + Client.Options.Timeout;

    public void Begin()
    {
        if (Client.IsDisposed)
        {
            Fail(new ObjectDisposedException(Client.ToString()));
        }
        else if (!_isOver)
        {
            Next(_began);
        }
    }

    public void Dispose()
    {
        if (!_isOver)
        {
            Client.Hub.Within(End);
        }
    }

    /// <summary>There will be no answer: the client is disposed, or its hub.</summary>
    public void Fail(Exception error)
    {
        if (!_isOver)
        {
            var observer = _observer;
            End();
            observer?.OnError(error);
        }
    }

    /// <summary>A reply that answers it.</summary>
    public void Take(DnsExchange exchange, DnsMessage reply)
    {
        if (_isOver)
        {
            return;
        }

        var server = exchange.Server;
        server.Answered(Client.Elapsed - exchange.Began);
        DnsLesson.Take(exchange, reply);
        if (reply.IsTruncated)
        {
            if (exchange.Transport == DnsTransport.Udp)
            {
                AskByTcp(exchange);
            }
            else
            {
                Failed(exchange, new ProtocolException($"{server} says over a connection that its reply was truncated: it is a part, and there is no way to the whole."));
            }

            return;
        }

        _last = new DnsReply(reply) { Server = server.EndPoint, Transport = exchange.Transport };
        if (reply.ResponseCode is DnsResponseCode.NoError or DnsResponseCode.NameError or DnsResponseCode.NameExists)
        {
            Succeed(_last);
        }
        else
        {
            var extended = reply.Edns?.ExtendedErrors is [var first, ..] ? $", {first}" : "";
            var attempt = new DnsAttempt(server.EndPoint, exchange.Transport, $"{reply.ResponseCode.Print()}{extended}", reply.ResponseCode);
            if (AgainAs(exchange, reply) is { } again)
            {
                Again(exchange, again.Transport, again.Form, attempt);
            }
            else
            {
                Leave(exchange, attempt, isDone: true);
            }
        }
    }

    /// <summary>The whole answer is to be had, or to be trusted, over TCP only.</summary>
    public void AskByTcp(DnsExchange exchange)
    {
        if (!_isOver)
        {
            Again(exchange, DnsTransport.Tcp, exchange.Form, new(exchange.Server.EndPoint, exchange.Transport, "its reply is not whole, or may be forged"));
        }
    }

    /// <summary>No reply will come from there.</summary>
    public void Failed(DnsExchange exchange, Exception error)
    {
        if (_isOver || !_exchanges.Contains(exchange))
        {
            return;
        }

        exchange.Server.Missed();

        // A sentence by itself, but here it is a part of one.
        Leave(exchange, new(exchange.Server.EndPoint, exchange.Transport, error.Message.TrimEnd('.')), isDone: false);
    }

    /// <summary>Whoever was asked has had its time.</summary>
    public void TimeIsUp()
    {
        var now = Client.Elapsed;
        for (var exchange = _exchanges.Newest; exchange is not null; exchange = exchange.Older)
        {
            if (!exchange.IsLate)
            {
                exchange.IsLate = true;
                exchange.Server.Missed();
                _turns.Tell(exchange.Server, new DnsAttempt(exchange.Server.EndPoint, exchange.Transport, $"no reply within {(now - exchange.Began).TotalSeconds:0.###} s"), isDone: false);
            }
        }

        Next(now);
    }

    // RFC 6891, sections 6.1.3, 6.2.2 and 7; RFC 7873, section 5.3.
    private (DnsTransport Transport, DnsForm Form)? AgainAs(DnsExchange exchange, DnsMessage reply)
    {
        var transport = exchange.Transport;
        switch (reply.ResponseCode)
        {
            case DnsResponseCode.FormatError or DnsResponseCode.NotImplemented when exchange.Form != DnsForm.Plain && reply.Edns is null:
                return (transport, DnsForm.Plain);
            case DnsResponseCode.FormatError when exchange.Form == DnsForm.Whole:
                exchange.Server.DislikesOptions();
                return (transport, DnsForm.Bare);
            case DnsResponseCode.BadVersion when exchange.Form != DnsForm.Plain:
                exchange.Server.HasNoEdns();
                return (transport, DnsForm.Plain);
            case DnsResponseCode.BadCookie when exchange.Form == DnsForm.Whole && exchange.Transport == DnsTransport.Udp:
                return (_turns.IsFirstCookie(exchange.Server) ? transport : DnsTransport.Tcp, DnsForm.Whole);
            default:
                return null;
        }
    }

    private void Again(DnsExchange exchange, DnsTransport transport, DnsForm form, DnsAttempt attempt)
    {
        if (!_turns.TrySend(exchange.Server, transport))
        {
            Leave(exchange, attempt, isDone: true);
            return;
        }

        _exchanges.Close(exchange);
        Send(exchange.Server, transport, form, exchange.IsLate, Client.Elapsed);
    }

    private void Leave(DnsExchange exchange, DnsAttempt attempt, bool isDone)
    {
        var wasLate = exchange.IsLate;
        _exchanges.Close(exchange);
        _turns.Tell(exchange.Server, attempt, isDone);
        GoOn(wasLate);
    }

    // Another one was asked instead of a late one already.
    private void GoOn(bool wasLate)
    {
        if (!_isOver && (!wasLate || _exchanges.Newest is null))
        {
            Next(Client.Elapsed);
        }
    }

    private void Next(TimeSpan now)
    {
        if (now >= Ends || !_turns.TryNext(out var server, out var transport))
        {
            EndInVain(now);
            return;
        }

        Send(server, transport, _turns.FormFor(server), isLate: false, now);
    }

    // All were asked often enough. One that has time yet may still answer.
    private void EndInVain(TimeSpan now)
    {
        if (now >= Ends || _exchanges.AreLate)
        {
            Fail(DnsException.NoAnswer(Asked.Question, _turns.Attempts, _last, now - _began));
        }
    }

    private void Send(DnsServer server, DnsTransport transport, DnsForm form, bool isLate, TimeSpan now)
    {
        DnsExchange exchange = transport switch
        {
            DnsTransport.Udp => new DnsDatagram(this, server, form, now),
            DnsTransport.Http => new DnsPosted(this, server, form, now),
            _ => new DnsStreamed(this, server, transport, form, now),
        };
        exchange.IsLate = isLate;
        _exchanges.Add(exchange);
        if (!isLate)
        {
            var patience = now + _turns.Patience(server);
            Client.Times.Set(this, patience < Ends ? patience : Ends > now ? Ends : now, now);
        }

        try
        {
            exchange.Begin();
        }
        catch (ConnectionException error)
        {
            FailedLater(exchange, error);
        }
    }

    // So that a machine without any way out does not go through all servers within one call.
    private void FailedLater(DnsExchange exchange, Exception error) => Client.Hub.Post(_ => Failed(exchange, error));

    private void Succeed(DnsReply reply)
    {
        var observer = _observer;
        End();
        observer?.OnNext(reply);
        observer?.OnCompleted();
    }

    private void End()
    {
        if (_isOver)
        {
            return;
        }

        (_isOver, _observer) = (true, null);
        Client.Times.Remove(this);
        _exchanges.Close();
    }
}
