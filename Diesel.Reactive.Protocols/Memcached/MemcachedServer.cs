using System.Net;
using System.Reactive.Linq;

namespace Diesel.Reactive.Protocols.Memcached;

/// <summary>One of a client's servers: its connection, and how it stands with it.</summary>
internal sealed class MemcachedServer : IDisposable
{
    private readonly ClientLink<MemcachedReply> _link;
    private readonly MemcachedOptions _options;
    private readonly CallSite _site;
    private readonly ICalls<MemcachedReply> _calls;
    private readonly Action<MemcachedServer> _changed;
    private int _failures;
    private Loop? _probing;

    public MemcachedServer(EndPoint endPoint, MemcachedOptions options, Hub hub, Action<MemcachedServer> changed)
    {
        (EndPoint, _options, _changed) = (endPoint, options, changed);
        var dialect = new MemcachedDialect(endPoint, options);
        _link = new ClientLink<MemcachedReply>(dialect, dialect.Pipelining, hub);
        _calls = _link.Timeout(options.Timeout, what => _link.Late(what, options.Timeout));
        _site = new CallSite("memcached", endPoint, null, static error => (error as MemcachedErrorException)?.Code, hub.TimeProvider);
        PipelineGauges.Add(this, _site, () => _link.Counts);
    }

    public EndPoint EndPoint { get; }

    public Hub Hub => _link.Hub;

    public IObservable<ClientEvent> Events => _link.Events;

    public PipelineCounts Counts => _link.Counts;

    /// <summary>Whether its keys have gone to others. Written on the hub, read by any thread.</summary>
    public bool IsOut { get; private set; }

    public MemcachedOpaques Opaques { get; } = new();

    /// <summary>A call with one reply.</summary>
    public Awaitable<T> Ask<T>(MemcachedCall<T> call) => Measured(Watched(_calls.Ask(call)), call.Operation);

    /// <summary>A call that gives one item.</summary>
    public Awaitable<T> Ask<T>(StreamCall<MemcachedReply, T> call) => Measured(Watched(_calls.Stream(call).ToAwaitable(call.ToString())), call.ToString()!);

    /// <summary>All that a call gives.</summary>
    public Awaitable<IList<T>> All<T>(StreamCall<MemcachedReply, T> call) => Measured(Watched(_calls.Stream(call).ToList().ToAwaitable(call.ToString())), call.ToString()!);

    /// <summary>A batch.</summary>
    public Awaitable<ManyHits> Many(ManyCall call)
    {
        var hits = Watched(_calls.Stream(call).ToAwaitable("a batch of mg"));
        return ClientTelemetry.IsObserved ? hits.Measured(_site, "mg", call.Count) : hits;
    }

    /// <summary>A call whose end nobody waits for.</summary>
    public void Send<T>(MemcachedCall<T> call) => Ask(call).Subscribe(static _ => { }, static _ => { });

    /// <summary>Who only reads and was told to compute a new value leaves that to the next one who asks; nobody would, else.</summary>
    public void GiveBack(in MemcachedReply reply, in MemcachedKey key)
    {
        if (reply.HasWon())
        {
            Send(new KeyCall(this, isDelete: true, key, " I"));
        }
    }

    public void Dispose()
    {
        _probing?.Dispose();
        _link.Dispose();
        PipelineGauges.Remove(this);
    }

    private Awaitable<T> Measured<T>(Awaitable<T> call, string operation) => ClientTelemetry.IsObserved ? call.Measured(_site, operation) : call;

    private Awaitable<T> Watched<T>(Awaitable<T> call) => _options.EjectAfter is null ? call : Counted(call);

    private Awaitable<T> Counted<T>(Awaitable<T> call) => call.Do(_ => _failures = 0, Failed).ToAwaitable(call.ToString());

    private void Failed(Exception error) => Hub.Within(() =>
    {
        if (error is PipelineFullException)
        {
            // It says nothing of the server.
            return;
        }

        if (!IsUnreachable(error))
        {
            _failures = 0;
        }
        else if (++_failures >= _options.EjectAfter && !IsOut)
        {
            IsOut = true;
            _changed(this);
            _probing = Hub.Fork(Probe, $"asking whether {EndPoint} is back");
        }
    });

    /// <summary>Whether an error says that the server is not there, and not that it said no.</summary>
    public static bool IsUnreachable(Exception error) => error is ConnectionException or TimeoutException or ReplyLostException or PipelineFullException;

    private async Task Probe()
    {
        while (true)
        {
            await Hub.Sleep(_options.ProbeInterval);
            try
            {
                await _calls.Stream(LinesCall.NoOp).ToAwaitable("mn");
                break;
            }
            catch (Exception error) when (error is not ObjectDisposedException)
            {
                // Not there, or there is something else in its place.
            }
        }

        (_failures, IsOut) = (0, false);
        _changed(this);
    }
}
