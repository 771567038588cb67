namespace Diesel.Reactive;

/// <summary>The calls of a pipeline that are written and not answered. The hub's thread only.</summary>
internal sealed class InFlight<TReply> : IHeadOfLine, IDisposable
{
    private readonly PipelineRun<TReply> _run;
    private readonly PipelineOptions _options;
    private readonly Correlator<TReply> _correlator;
    private readonly ReplyReader<TReply> _reader;
    private readonly CallLine<TReply> _line;
    private readonly HeadWatch _watch;
    private readonly DrainAccount _drain;
    private long _repliesAtHead;
    private long _repliesWhenForgotten;
    private int _forgotten;
    private int _holds;

    public InFlight(PipelineRun<TReply> run, Pipeline<TReply> holder, Correlator<TReply> correlator, Framing<TReply> framing, PipelineOptions options)
    {
        (_run, _correlator, _options) = (run, correlator, options);
        _line = new CallLine<TReply>(holder);
        _watch = new HeadWatch(run.Hub, this, ShortestLimit(options));
        _drain = new DrainAccount(options.MaxDrainedBytes);
        _reader = new ReplyReader<TReply>(run, this, correlator, framing);
    }

    /// <summary>Who takes the replies.</summary>
    public ReplyReader<TReply> Reader => _reader;

    /// <summary>Who is first in line.</summary>
    public Call<TReply>? Head => _line.Head.Call;

    /// <summary>Whose reply has begun, as far as that is known.</summary>
    public Call<TReply>? Begun => _correlator.Begun(Head);

    /// <summary>Whether one more may be written.</summary>
    public bool HasRoom => _line.Count < _options.MaxInFlight;

    /// <summary>Whether nobody's reply is owed.</summary>
    public bool IsEmpty => _line.Count == 0 && _forgotten == 0;

    /// <summary>Whether somebody waits for a reply.</summary>
    public bool IsAwaited => _line.Count > _drain.Calls;

    HeadState IHeadOfLine.HeadState => IsDraining ? HeadState.Drains : _line.Count > 0 || IsSilent ? HeadState.Waits : HeadState.None;

    TimeSpan IHeadOfLine.HeadLimit => Head is not { } head ? _options.ReplyTimeout : IsDraining ? _options.DrainTimeout : LimitOf(head);

    private bool IsDraining => Head?.Place == CallPlace.Abandoned;

    // Nothing at all has come since a call was forgotten.
    private bool IsSilent => _forgotten > 0 && _reader.Meter.Replies == _repliesWhenForgotten;

    public PipelineCounts Counts(int queued) => new(
        _line.Count, queued, _drain.Calls + _forgotten, _drain.TotalBytes, _reader.Dropped, _run.Hub.Elapsed - _reader.LastRead, _watch.Lag);

    /// <summary>A call is about to be written. False: it has to wait until an id is free.</summary>
    /// <param name="call">What is to be written.</param>
    /// <param name="wrong">Why it cannot be written at all; null: it can.</param>
    public bool TryBegin(Call<TReply> call, out Exception? wrong)
    {
        wrong = null;
        try
        {
            if (_correlator.TryBegin(call))
            {
                return true;
            }
        }
        catch (Exception thrown)
        {
            wrong = thrown;
            return true;
        }

        if (_line.Count == 0)
        {
            _run.End(_run.Gone($"all its ids belong to calls that were abandoned and not answered: {_run.Counts}"));
        }

        return false;
    }

    /// <summary>It was not written.</summary>
    public void TakeBack(Call<TReply> call) => _correlator.End(call);

    public void Add(in Standing<TReply> standing)
    {
        _line.Add(standing);
        if (_line.Count == 1 && !IsSilent)
        {
            HeadChanged();
        }
    }

    public void Abandon(Call<TReply> call)
    {
        call.Place = CallPlace.Abandoned;
        if (call != _reader.Taking)
        {
            WasAbandoned(call);
        }
    }

    /// <summary>A call was abandoned that had all the time there is. At the head of a line that was silent meanwhile its reply may be lost: the next
    /// one would be taken for it, and each one after that for another's.</summary>
    public void WasLate(Call<TReply> call, TimeSpan limit)
    {
        if (call == Head && limit >= _options.ReplyTimeout && _options.ReplyTimeout != Timeout.InfiniteTimeSpan
            && (_reader.LastRead is not { } last || _run.Hub.Elapsed - last >= limit / 2))
        {
            _run.End(_run.Gone($"{Label.Of(call)}, the first in line, got no reply within {limit}: {_run.Counts}", new TimeoutException()));
        }
    }

    public void Hold(int more)
    {
        _holds += more;
        _watch.Begin();
    }

    /// <summary>The end: takes out all for whom somebody waits.</summary>
    public Standing<TReply>[] Part()
    {
        var all = _line.All();
        _line.Clear();
        foreach (var standing in all)
        {
            if (standing.Call!.Place == CallPlace.Abandoned)
            {
                standing.Call.Place = CallPlace.Over;
            }
        }

        return [.. all.Where(standing => standing.Call!.Place != CallPlace.Over && standing.Call != _reader.Taking)];
    }

    public void Dispose() => _watch.Dispose();

    public override string ToString() => _run.ToString();

    bool IHeadOfLine.HasMoved() => _run.HasMoved(_line.Head) | _reader.HasMoved() | _holds > 0;

    void IHeadOfLine.HeadIsLate()
    {
        if (IsDraining)
        {
            _run.End(_run.Gone($"it has drained abandoned calls for {nameof(PipelineOptions.DrainTimeout)} ({_options.DrainTimeout}): {_run.Counts}"));
            return;
        }

        var (who, limit) = Head is { } head ? (Label.Of(head), LimitOf(head)) : ("what was abandoned", _options.ReplyTimeout);
        _run.End(_run.Gone($"{who}, the first in line, got no reply within {limit}: {_run.Counts}", new TimeoutException()));
    }

    /// <summary>Bytes have come that are read for nobody.</summary>
    public void ThrowIfDrainedTooMuch()
    {
        if (IsDraining && _drain.IsOver(_reader.BegunBytes))
        {
            throw DrainedTooMuch();
        }
    }

    /// <summary>A call took a reply.</summary>
    public void Taken(Call<TReply> call, bool isLast, bool wasAbandoned)
    {
        if (wasAbandoned)
        {
            _drain.Add(_reader.Meter.ReplyBytes);
        }
        else
        {
            _drain.EndRun();
        }

        if (_run.IsOver)
        {
            _run.Aside(call, isLast);
        }
        else if (isLast)
        {
            Finish(call, wasAbandoned);
        }
        else if (!wasAbandoned && call.Place == CallPlace.Abandoned)
        {
            WasAbandoned(call);
        }
        else if (call == Head)
        {
            HeadChanged();
        }

        if (wasAbandoned && _drain.IsOver(begunBytes: 0))
        {
            _run.End(DrainedTooMuch());
        }
    }

    private void Finish(Call<TReply> call, bool wasAbandoned)
    {
        var isForgotten = call.Place == CallPlace.Forgotten;
        call.Place = CallPlace.Over;
        _correlator.End(call);
        if (isForgotten)
        {
            _forgotten--;
        }
        else
        {
            _drain.Calls -= wasAbandoned ? 1 : 0;
            Leave(wasAbandoned);
        }

        call.Finished();
        _run.GoOn();
    }

    private void WasAbandoned(Call<TReply> call)
    {
        switch (_options.Abandoned)
        {
            case Abandoned.Close:
                _run.End(_run.Gone($"{Label.Of(call)} was abandoned in flight"));
                break;
            case Abandoned.Forget:
                Forget(call);
                break;
            default:
                _drain.Calls++;
                if (call == Head)
                {
                    // It may have been one that was waited for for ever.
                    _watch.Begin();
                }

                _run.GoOn();
                break;
        }
    }

    private void Forget(Call<TReply> call)
    {
        call.Place = CallPlace.Forgotten;
        _forgotten++;
        _repliesWhenForgotten = _reader.Meter.Replies;
        Leave(wasAbandoned: false);
        if (_forgotten > _options.MaxInFlight)
        {
            _run.End(_run.Gone($"more than {nameof(PipelineOptions.MaxInFlight)} ({_options.MaxInFlight}) calls were abandoned and not answered: {_run.Counts}"));
        }
        else
        {
            _run.GoOn();
        }
    }

    private void Leave(bool wasAbandoned)
    {
        var head = Head;
        _line.Left();
        if (IsEmpty)
        {
            _drain.EndRun();
        }

        if (wasAbandoned && Head != head && !IsDraining)
        {
            _watch.StartOver();
        }

        // That the head was forgotten is no sign of life: the silence goes on.
        if (Head != head && (!IsSilent || _reader.Meter.Replies != _repliesAtHead))
        {
            HeadChanged();
        }
    }

    private void HeadChanged()
    {
        _repliesAtHead = _reader.Meter.Replies;
        _watch.Begin();
    }

    private TimeSpan LimitOf(Call<TReply> head) =>
        _options.ReplyTimeout == Timeout.InfiniteTimeSpan || head.Wait == Timeout.InfiniteTimeSpan ? Timeout.InfiniteTimeSpan : Times.Sum(_options.ReplyTimeout, head.Wait);

    private static TimeSpan ShortestLimit(PipelineOptions options) =>
        options.ReplyTimeout == Timeout.InfiniteTimeSpan || options.ReplyTimeout > options.DrainTimeout ? options.DrainTimeout : options.ReplyTimeout;

    private ConnectionException DrainedTooMuch() =>
        _run.Gone($"it has drained more than {nameof(PipelineOptions.MaxDrainedBytes)} ({_options.MaxDrainedBytes}) for abandoned calls: {_run.Counts}");
}
