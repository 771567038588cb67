namespace Diesel.Reactive.Protocols.Dns;

/// <summary>A handler at work on one query: its first reply counts. On the hub.</summary>
internal sealed class DnsHandling : IObserver<DnsReply>
{
    private readonly DnsServed _served;
    private readonly DnsQuery _query;
    private readonly Action<ReadOnlyMemory<byte>> _reply;
    private readonly Deadline _late;
    private IDisposable? _running;
    private bool _isOver;

    public DnsHandling(DnsServed served, DnsQuery query, Action<ReadOnlyMemory<byte>> reply)
    {
        (_served, _query, _reply) = (served, query, reply);
        _late = new Deadline(served.Hub, static handling => ((DnsHandling)handling!).OnError(new TimeoutException("The handler took too long.")), this);
    }

    public void Begin(Func<DnsQuery, IObservable<DnsReply>> handler)
    {
        _served.Pending++;
        _late.Reset(_served.Options.Timeout);
        try
        {
            var running = handler(_query).Subscribe(this);
            _running = running;
            if (_isOver)
            {
                running.Dispose();
            }
        }
        catch (Exception error)
        {
            OnError(error);
        }
    }

    public void OnNext(DnsReply value) => Bring(() => End(value?.Message ?? new DnsMessage { ResponseCode = DnsResponseCode.ServerFailure }));

    public void OnError(Exception error) => Bring(() =>
    {
        if (_isOver)
        {
            return;
        }

        // That nobody could tell is an answer of a forwarder's, and no fault in it.
        if (error is not (DnsException or TimeoutException))
        {
            _served.Hub.Report(error, $"handler of {_query}");
        }

        var extended = new DnsEdns { Options = error is DnsException no ? [DnsOption.Of(new ExtendedDnsError(22, Short(no.Message)))] : [] };
        End(new DnsMessage { ResponseCode = DnsResponseCode.ServerFailure, Edns = extended });
    });

    // Whoever gives nothing wants nothing to be said.
    public void OnCompleted() => Bring(() => End(null));

    public override string ToString() => $"handler of {_query}";

    private static string Short(string text) => text.Length <= 200 ? text : text[..200];

    private void Bring(Action action) => _served.Hub.Within(action);

    private void End(DnsMessage? reply)
    {
        if (_isOver)
        {
            return;
        }

        _isOver = true;
        _served.Pending--;
        _late.Cancel();
        _running?.Dispose();
        _reply(reply is null ? default : _served.Answering.Reply(_query, reply));
    }
}
