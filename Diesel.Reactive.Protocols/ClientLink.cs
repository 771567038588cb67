using System.Net;
using System.Reactive.Concurrency;

namespace Diesel.Reactive.Protocols;

/// <summary>How one kind of client connects.</summary>
/// <typeparam name="TReply">What a reply is decoded to.</typeparam>
internal interface IClientDialect<TReply>
{
    /// <summary>Where to.</summary>
    EndPoint Server { get; }

    ProtocolOptions Options { get; }

    /// <summary>Makes a fresh connection ready, before any call may use it: logs in.</summary>
    Task Prepare(Connection connection);

    /// <summary>Takes a connection that is ready.</summary>
    Pipeline<TReply> Begin(Connection connection, CallQueue<TReply> queue);

    /// <summary>Whether it is no use to try again by itself: wrong credentials, another protocol.</summary>
    bool IsFinal(Exception failure);
}

/// <summary>A server and the connection to it: made when a call needs it, and again when it was lost. All clients of one connection stand on
/// this.</summary>
/// <typeparam name="TReply">What a reply is decoded to.</typeparam>
internal sealed class ClientLink<TReply> : ICalls<TReply>, IDisposable
{
    // A connection that lived that long was a good one.
    private static readonly TimeSpan Healthy = TimeSpan.FromSeconds(10);

    private readonly IClientDialect<TReply> _dialect;
    private readonly CallQueue<TReply> _queue;
    private readonly ClientEvents _events;
    private readonly Backoff _backoff;
    private readonly Action<object?> _serve;
    private readonly IStopwatch _clock;
    private Pipeline<TReply>? _pipeline;
    private TimeSpan _since;
    private Exception? _lastFailure;
    private Loop? _serving;
    private volatile bool _isDisposed;

    public ClientLink(IClientDialect<TReply> dialect, PipelineOptions options, Hub hub)
    {
        (_dialect, Hub) = (dialect, hub);
        _queue = new CallQueue<TReply>(options, hub);
        _events = new ClientEvents(hub);
        _backoff = new Backoff(dialect.Options.ReconnectDelay, dialect.Options.MaxReconnectDelay, hub.Now);
        _clock = hub.StartStopwatch();
        _serve = _ => Serve();
    }

    public Hub Hub { get; }

    public IObservable<ClientEvent> Events => _events;

    public PipelineCounts Counts => _pipeline?.Counts ?? new() { Queued = _queue.Count };

    public IDisposable Send(Call<TReply> call)
    {
        var sent = _queue.Send(call);
        if (!Hub.IsCurrent)
        {
            Hub.Post(_serve);
        }
        else if (_serving is null)
        {
            Serve();
        }

        return sent;
    }

    /// <summary>What a call that is late says.</summary>
    public TimeoutException Late(string what, TimeSpan limit) => _pipeline is not null
        ? new($"{what} got no reply from {_dialect.Server} within {limit}: {Counts}.")
        : new($"{what} was not sent to {_dialect.Server} within {limit}: not connected, {_queue.Count} queued. {_lastFailure?.Message}", _lastFailure);

    public void Dispose()
    {
        _isDisposed = true;
        _queue.Dispose();
        Hub.Post(_ => End());
    }

    private void Serve()
    {
        if (_serving is null && !_isDisposed && _queue.Count > 0)
        {
            _serving = Hub.Fork(ServeCalls, $"the client of {_dialect.Server}");
        }
    }

    private void End()
    {
        _pipeline?.Dispose();
        if (_pipeline is null)
        {
            _serving?.Dispose();
        }
    }

    // As long as calls wait, or are in flight: whoever comes later begins it again.
    private async Task ServeCalls()
    {
        try
        {
            _since = _clock.Elapsed;
            while (_queue.Count > 0 && !_isDisposed)
            {
                await Hub.Sleep(await Connect() is { } failure ? Failed(failure) : await ServeUntilLost());
            }
        }
        finally
        {
            _serving = null;
        }
    }

    private TimeSpan Failed(Exception failure)
    {
        var (pause, limit) = (_backoff.Next(), _dialect.Options.MaxReconnectTime);
        _lastFailure = failure;
        _events.Tell(new ClientConnectFailed(_dialect.Server, failure, pause));
        if (_dialect.IsFinal(failure) || (limit != Timeout.InfiniteTimeSpan && _clock.Elapsed + pause - _since >= limit))
        {
            _queue.Fail(failure);
            _since = _clock.Elapsed;
        }

        return pause;
    }

    private async Task<TimeSpan> ServeUntilLost()
    {
        _lastFailure = null;
        _since = _clock.Elapsed;
        _events.Tell(new ClientConnected(_dialect.Server));
        try
        {
            await _pipeline!.Ended;
        }
        catch (Exception lost) when (lost is not OperationCanceledException)
        {
            _events.Tell(new ClientDisconnected(_dialect.Server, lost));
        }
        finally
        {
            _pipeline = null;
        }

        var lived = _clock.Elapsed - _since;
        _since = _clock.Elapsed;
        if (lived < Healthy)
        {
            return _backoff.Next();
        }

        _backoff.Reset();
        return TimeSpan.Zero;
    }

    // What went wrong; null: there is a pipeline.
    private async Task<Exception?> Connect()
    {
        Connection? connection = null;
        try
        {
            var opened = connection = await Tcp.Connect(_dialect.Server, _dialect.Options, Hub);
            await _dialect.Prepare(opened);
            _pipeline = _dialect.Begin(opened, _queue);
            connection = null;
            return null;
        }
        catch (EndOfStreamException ended)
        {
            return new ConnectionException($"{_dialect.Server} has ended the connection before it was ready.", _dialect.Server, ended);
        }
        catch (Exception failure) when (failure is not OperationCanceledException)
        {
            return failure;
        }
        finally
        {
            connection?.Abort();
        }
    }
}
