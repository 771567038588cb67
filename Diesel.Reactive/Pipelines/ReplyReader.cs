namespace Diesel.Reactive;

/// <summary>Reads the replies of a pipeline, and finds whose each is. The hub's thread only.</summary>
internal sealed class ReplyReader<TReply> : IObserver<TReply>
{
    private readonly PipelineRun<TReply> _run;
    private readonly InFlight<TReply> _inFlight;
    private readonly Correlator<TReply> _correlator;
    private readonly PushStream<TReply> _pushes;
    private (long Replies, int BegunBytes) _seen;

    public ReplyReader(PipelineRun<TReply> run, InFlight<TReply> inFlight, Correlator<TReply> correlator, Framing<TReply> framing)
    {
        (_run, _inFlight, _correlator) = (run, inFlight, correlator);
        _pushes = new PushStream<TReply>(run.Hub);
        Meter = new ReplyMeter<TReply>(framing, Arrived);
    }

    /// <summary>The framing to read with.</summary>
    public ReplyMeter<TReply> Meter { get; }

    public IObservable<TReply> Unasked => _pushes;

    /// <summary>When bytes came last.</summary>
    public TimeSpan? LastRead { get; private set; }

    /// <summary>Replies that nobody had asked for.</summary>
    public long Dropped { get; private set; }

    /// <summary>Who takes a reply now: what becomes of it is decided when it has.</summary>
    public Call<TReply>? Taking { get; private set; }

    /// <summary>Bytes of the reply that has begun.</summary>
    public int BegunBytes => _run.Connection.Life.Input.Buffered;

    /// <summary>Whether more of the same reply has come since this was asked last.</summary>
    public bool HasMoved()
    {
        var moved = Meter.Replies == _seen.Replies && BegunBytes > _seen.BegunBytes;
        _seen = (Meter.Replies, BegunBytes);
        return moved;
    }

    /// <summary>No push will come.</summary>
    public void CompletePushes() => _pushes.Complete();

    public void OnNext(TReply value)
    {
        if (_run.IsOver)
        {
            return;
        }

        try
        {
            Dispatch(value);
        }
        catch (Exception wrong)
        {
            // What tells replies apart is the protocol's code, not a caller's.
            _run.End(wrong is ProtocolException ? wrong : _run.Gone("its correlation failed", wrong));
        }
    }

    public void OnError(Exception error) => _run.End(error);

    public void OnCompleted() => _run.PeerEnded();

    // Bytes have come, and no reply is whole.
    private void Arrived()
    {
        LastRead = _run.Hub.Elapsed;
        _inFlight.ThrowIfDrainedTooMuch();
    }

    private void Dispatch(TReply reply)
    {
        if (_correlator.IsPush(reply))
        {
            if (_inFlight.Head is not { } head || !TryTake(head, reply, isPush: true))
            {
                _pushes.Tell(reply);
            }
        }
        else if (_correlator.Find(reply, _inFlight.Head) is { } call && call.Answers(reply))
        {
            Take(call, reply);
        }
        else if (_correlator.DropsUnasked)
        {
            Dropped++;
        }
        else
        {
            _run.End(new ProtocolException("A reply arrived that nobody had asked for: nobody knows any more whose the others are."));
        }
    }

    private void Take(Call<TReply> call, TReply reply)
    {
        if (!call.IsAtLast)
        {
            if (CallPlace.IsAbandoned(call.Place) || !TryKeep(call, reply))
            {
                TryTake(call, reply, isPush: false);
            }

            return;
        }

        var flow = ExecutionContext.Capture();
        _inFlight.Taken(call, isLast: true, CallPlace.IsAbandoned(call.Place));
        call.Take(reply);
        Telling.Restore(flow);
    }

    // Nobody is told of it, so there is no flow of theirs to restore.
    private bool TryKeep(Call<TReply> call, TReply reply)
    {
        try
        {
            if (!call.TryKeep(reply))
            {
                return false;
            }
        }
        catch (Exception thrown)
        {
            _run.Broke(call, thrown);
        }

        _inFlight.Taken(call, isLast: false, wasAbandoned: false);
        return true;
    }

    private bool TryTake(Call<TReply> call, TReply reply, bool isPush)
    {
        var wasAbandoned = CallPlace.IsAbandoned(call.Place);
        var flow = ExecutionContext.Capture();
        var (took, isLast) = (true, false);
        Taking = call;
        try
        {
            if (isPush)
            {
                took = call.TryTakePush(reply, out isLast);
            }
            else
            {
                isLast = call.Take(reply);
            }
        }
        catch (Exception thrown)
        {
            _run.Broke(call, thrown);
        }

        Taking = null;
        Telling.Restore(flow);

        // A push that it did not take has not moved it, but it may have been abandoned meanwhile, or the pipeline ended.
        if (took || _run.IsOver || CallPlace.IsAbandoned(call.Place) != wasAbandoned)
        {
            _inFlight.Taken(call, took && isLast, wasAbandoned);
        }

        return took;
    }
}
