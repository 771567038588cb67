using System.Reactive;
using System.Reactive.Disposables;

namespace Diesel.Reactive;

/// <summary>The life of a <see cref="Pipeline{TReply}"/>, and what it writes. The hub's thread only.</summary>
internal sealed class PipelineRun<TReply> : IPipelineView, IHubWait
{
    private readonly Pipeline<TReply> _pipeline;
    private readonly PipelineOptions _options;
    private readonly CallQueue<TReply> _queue;
    private readonly bool _ownsQueue;
    private readonly InFlight<TReply> _inFlight;
    private readonly RequestWriter<TReply> _writer;
    private readonly PipelineEnd _end;
    private readonly AwaitableSource<Unit> _ended;
    private readonly CompositeDisposable _held = [];
    private bool _isRoomy;
    private bool _isPumping;
    private bool _isClosing;

    public PipelineRun(
        Pipeline<TReply> pipeline, Connection connection, Framing<TReply> framing, Correlation<TReply> correlation, PipelineOptions options, CallQueue<TReply>? queue)
    {
        (_pipeline, Connection, _options) = (pipeline, connection, options);
        (_queue, _ownsQueue) = (queue ?? new CallQueue<TReply>(options, Hub), queue is null);
        _inFlight = new InFlight<TReply>(this, pipeline, correlation.CreateCorrelator(), framing, options);
        _writer = new RequestWriter<TReply>(connection);
        _end = new PipelineEnd(connection);
        _ended = new AwaitableSource<Unit>(Hub, null, $"the end of {_end}");
    }

    public Connection Connection { get; }

    public Hub Hub => Connection.Hub;

    public IObservable<TReply> Unasked => _inFlight.Reader.Unasked;

    public Awaitable<Unit> Ended => _ended;

    public bool IsOver { get; private set; }

    public bool EndedIdle { get; private set; }

    public bool IsIdle => !IsOver && !_isClosing && _inFlight.IsEmpty && _queue.Count == 0;

    public PipelineCounts Counts => _inFlight.Counts(_queue.Count);
    public string? Head => _inFlight.Head is { } head ? Label.Of(head) : null;

    private bool CanWrite => !IsOver && !_isClosing && _isRoomy && _inFlight.HasRoom && !Connection.Life.HasPeerEnded && !Connection.Life.IsOver;

    public void Begin()
    {
        _queue.Attach(_pipeline);
        if (!Hub.Invoke(static run => ((PipelineRun<TReply>)run!).BeginHere(), this))
        {
            End(Hub.Ended());
        }
    }

    public void Enter(Call<TReply> call)
    {
        if (IsOver || _isClosing)
        {
            Refusal<TReply>.Of(Hub, call, _end.NotSent());
        }
        else
        {
            ((ICallEntry<TReply>)_queue).Enter(call);
        }
    }

    public void Abandon(Call<TReply> call)
    {
        if (call == _writer.Writing || IsOver)
        {
            call.Place = CallPlace.Abandoned;
        }
        else
        {
            _inFlight.Abandon(call);
        }
    }

    public void Hold(int more) => _inFlight.Hold(more);

    public void WasLate(Call<TReply> call, TimeSpan limit) => _inFlight.WasLate(call, limit);

    /// <summary>Whether more of the first request in line has left since this was asked last.</summary>
    public bool HasMoved(in Standing<TReply> head) => _writer.HasMoved(head);

    /// <summary>Writes what there is to write and room for.</summary>
    public void Pump()
    {
        if (_isPumping)
        {
            return;
        }

        _isPumping = true;
        try
        {
            while (CanWrite && _queue.Head is { } call && TryWrite(call))
            {
            }
        }
        finally
        {
            _isPumping = false;
        }
    }

    /// <summary>A call is over, or nobody waits for it any more.</summary>
    public void GoOn()
    {
        if (_isClosing && !_inFlight.IsAwaited)
        {
            Over(static connection => connection.Dispose(), null);
        }

        Pump();
    }

    public void Dispose()
    {
        if (IsOver || _isClosing)
        {
            return;
        }

        _isClosing = true;
        LeaveQueue();
        _held.Add(Hub.StartTimer(_options.CloseTimeout, static run => ((PipelineRun<TReply>)run!).CloseIsLate(), this));
        GoOn();
    }

    public void PeerEnded() => Over(
        static connection => connection.Dispose(), new ConnectionException($"{Connection.RemoteEndPoint} has ended the connection.", Connection.RemoteEndPoint));

    public void End(Exception why) => Over(static connection => connection.Abort(), why);

    /// <summary>A call could not take its reply.</summary>
    public void Broke(Call<TReply> call, Exception thrown)
    {
        if (call.Place == _pipeline)
        {
            Refusal<TReply>.Of(Hub, call, thrown);
        }
        else
        {
            Telling.Report(thrown, call);
        }

        End(thrown is ProtocolException ? thrown : Gone($"{Label.Of(call)} could not take its reply", thrown));
    }

    /// <summary>The pipeline ended while a call took its reply.</summary>
    public void Aside(Call<TReply> call, bool isLast)
    {
        if (call.Place == _pipeline && !isLast)
        {
            Refusal<TReply>.Of(Hub, call, _end.Lost(call));
        }
        else if (call.Place == _pipeline || CallPlace.IsAbandoned(call.Place))
        {
            call.Place = CallPlace.Over;
            call.Finished();
        }
    }

    public ConnectionException Gone(string why, Exception? inner = null) => _end.Gone(why, inner);

    // It was about to begin, or to tell its end.
    public void HubEnded(ObjectDisposedException error)
    {
        End(error);
        TellEnded();
    }

    public override string ToString() => _end.ToString();

    private void BeginHere()
    {
        Connection.Asker = this;
        _queue.KeepRegistered();
        _held.Add(Connection.Writable.Subscribe(isRoomy =>
        {
            _isRoomy = isRoomy;
            Pump();
        }));
        _held.Add(Connection.Decode(_inFlight.Reader.Meter).Subscribe(_inFlight.Reader));
    }

    // False: it has to wait for an id.
    private bool TryWrite(Call<TReply> call)
    {
        if (!_inFlight.TryBegin(call, out var wrong))
        {
            return false;
        }

        _queue.Pass(call, _pipeline);
        if (wrong is null)
        {
            Write(call);
        }
        else
        {
            Refusal<TReply>.Of(Hub, call, wrong);
        }

        return true;
    }

    private void Write(Call<TReply> call)
    {
        var error = _writer.Draft(call);
        if (error is null && call.Place == _pipeline && !IsOver)
        {
            _inFlight.Add(_writer.PlaceOf(call));
            _writer.Send(call);
            return;
        }

        _writer.Discard();
        _inFlight.TakeBack(call);
        if (call.Place == _pipeline)
        {
            Refusal<TReply>.Of(Hub, call, error ?? _end.NotSent());
        }
        else
        {
            call.Place = CallPlace.Over;
        }
    }

    private void CloseIsLate() => End(Gone(
        $"what was in flight was not answered within {nameof(PipelineOptions.CloseTimeout)} ({_options.CloseTimeout}) after it was disposed: {Counts}"));

    private void LeaveQueue()
    {
        _queue.Detach(_pipeline);
        if (_ownsQueue)
        {
            _queue.Refuse(_end.NotSent());
            _queue.FailAll(_ => _end.NotSent());
        }
    }

    private void Over(Action<Connection> close, Exception? why)
    {
        if (IsOver)
        {
            return;
        }

        _end.Why = Hub.IsDisposed ? Hub.Ended() : why;
        (IsOver, EndedIdle) = (true, _inFlight.IsEmpty && _queue.Count == 0 && !_end.IsBroken);

        _held.Dispose();
        _inFlight.Dispose();
        Part();
        close(Connection);
        if (!Hub.Post(static run => ((PipelineRun<TReply>)run!).TellEnded(), this))
        {
            TellEnded();
        }
    }

    // Never sent, or fate unknown: there is no third group. What is too large for the connection would be so for the next, and what broke the protocol would again.
    private void Part()
    {
        var (again, broken) = (new List<Standing<TReply>>(), _end.IsBroken ? _inFlight.Begun : null);
        foreach (var standing in _inFlight.Part())
        {
            var call = standing.Call!;
            var neverSent = standing.From >= _writer.MaybeSent;
            if (!_ownsQueue && !Hub.IsDisposed && call != _writer.Sending && (neverSent || (call != broken && Telling.IsRepeatable(call))))
            {
                again.Add(standing);
            }
            else
            {
                Refusal<TReply>.Of(Hub, call, neverSent ? _end.NotSent() : _end.Lost(call));
            }
        }

        LeaveQueue();
        _queue.TakeBack(again);
    }

    private void TellEnded()
    {
        _inFlight.Reader.CompletePushes();
        _ = _end.Why is { } why ? _ended.TrySetException(why) : _ended.TrySetResult(Unit.Default);
    }
}
