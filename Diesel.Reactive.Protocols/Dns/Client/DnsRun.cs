namespace Diesel.Reactive.Protocols.Dns;

/// <summary>One query under way: to one server after the other until one answers. On its client's hub.</summary>
internal sealed class DnsRun : IDisposable
{
    private readonly List<DnsExchange> _exchanges = [];
    private readonly DnsTurns _turns;
    private readonly Deadline _deadline;
    private readonly TimeSpan _began;
    private IObserver<DnsReply>? _observer;
    private DnsReply? _last;
    private bool _isOver;

    /// <param name="client">Whose query it is.</param>
    /// <param name="asked">What is asked.</param>
    /// <param name="observer">Who wants to know; null: it is only to see whether a server lives.</param>
    /// <param name="servers">Who is asked, in that order.</param>
    /// <param name="tries">How often each is asked at most.</param>
    public DnsRun(DnsClient client, DnsAsked asked, IObserver<DnsReply>? observer, IReadOnlyList<DnsServer> servers, int tries)
    {
        (Client, Asked, _observer, _began) = (client, asked, observer, client.Elapsed);
        _turns = new DnsTurns(client, asked, servers, tries);
        _deadline = new Deadline(client.Hub, static run => ((DnsRun)run!).TimeIsUp(), this);
    }

    public DnsClient Client { get; }

    public DnsAsked Asked { get; }

    private TimeSpan Left => _began + Client.Options.Timeout - Client.Elapsed;

    public void Begin()
    {
        if (!_isOver)
        {
            Client.Began(this);
        }

        if (!_isOver)
        {
            Next();
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
        Leave(exchange, new(exchange.Server.EndPoint, exchange.Transport, error.Message), isDone: false);
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

        Close(exchange);
        Send(exchange.Server, transport, form, exchange.IsLate);
    }

    private void Leave(DnsExchange exchange, DnsAttempt attempt, bool isDone)
    {
        var wasLate = exchange.IsLate;
        Close(exchange);
        _turns.Tell(exchange.Server, attempt, isDone);
        GoOn(wasLate);
    }

    // Another one was asked instead of a late one already.
    private void GoOn(bool wasLate)
    {
        if (!_isOver && (!wasLate || _exchanges.Count == 0))
        {
            Next();
        }
    }

    private void Next()
    {
        if (Left <= TimeSpan.Zero || !_turns.TryNext(out var server, out var transport))
        {
            EndInVain();
            return;
        }

        Send(server, transport, _turns.FormFor(server), isLate: false);
    }

    // All were asked often enough. One that has time yet may still answer.
    private void EndInVain()
    {
        if (Left <= TimeSpan.Zero || _exchanges.TrueForAll(static exchange => exchange.IsLate))
        {
            Fail(DnsException.NoAnswer(Asked.Question, _turns.Attempts, _last, Client.Elapsed - _began));
        }
    }

    private void Send(DnsServer server, DnsTransport transport, DnsForm form, bool isLate)
    {
        var exchange = new DnsExchange(this, server, transport, form) { IsLate = isLate };
        _exchanges.Add(exchange);
        var patience = _turns.Patience(server);
        if (!isLate)
        {
            _deadline.Reset(patience < Left ? patience : Left > TimeSpan.Zero ? Left : TimeSpan.Zero);
        }

        try
        {
            exchange.Begin();
        }
        catch (ConnectionException error)
        {
            // Told later, so that a machine without any way out does not go through all servers within one call.
            Client.Hub.Post(_ => Failed(exchange, error));
        }
    }

    private void TimeIsUp()
    {
        foreach (var exchange in _exchanges)
        {
            if (!exchange.IsLate)
            {
                exchange.IsLate = true;
                exchange.Server.Missed();
                _turns.Tell(exchange.Server, new DnsAttempt(exchange.Server.EndPoint, exchange.Transport, $"no reply within {(Client.Elapsed - exchange.Began).TotalSeconds:0.###} s"), isDone: false);
            }
        }

        Next();
    }

    private void Succeed(DnsReply reply)
    {
        var observer = _observer;
        End();
        observer?.OnNext(reply);
        observer?.OnCompleted();
    }

    private void Close(DnsExchange exchange)
    {
        _exchanges.Remove(exchange);
        exchange.Dispose();
    }

    private void End()
    {
        if (_isOver)
        {
            return;
        }

        (_isOver, _observer) = (true, null);
        _deadline.Cancel();
        foreach (var exchange in _exchanges)
        {
            exchange.Dispose();
        }

        _exchanges.Clear();
        Client.Ended(this);
    }
}
