using System.IO.Pipelines;

namespace Diesel.Reactive;

/// <summary>A connection's input as a <see cref="PipeReader"/>: looks at what is there without consuming it, on any thread, one at a time.</summary>
/// <remarks>What it knows of the input are snapshots that the hub makes when something arrives, so that a read need not ask the hub; the bytes never change, and may be looked at
/// while more arrives. When somebody else has taken some of them meanwhile (another reader, an upgrade), they are not shown again.</remarks>
internal sealed class InputPipe : PipeReader
{
    // So much is received though nobody has asked for it yet.
    private const int MostAhead = 64 * 1024;

    private readonly Lock _gate = new();
    private readonly Connection _connection;
    private readonly InputWatch _watch;
    private readonly PipeWait<ReadResult> _wait;

    // What the last read has shown, and what has arrived since, from which the next is answered.
    private InputSnapshot _shown;
    private InputSnapshot _latest;

    // Positions in the stream: behind all that was consumed, and behind the last byte that was examined.
    private long _begin;
    private long _examined;
    private volatile bool _isCompleted;
    private bool _isWatching;
    private bool _isConsuming;
    private bool _isCanceled;
    private ReadState _reading;

    public InputPipe(Connection connection) => (_connection, _watch, _wait) = (connection, new InputWatch(this, connection.Life.Input), new PipeWait<ReadResult>(_gate));

    // Perhaps: canceled, so it may be advanced over, or read again.
    private enum ReadState { None, Perhaps, Yes }

    /// <summary>Whether somebody awaits more.</summary>
    public bool IsWaiting => _wait.IsUnderWay;

    /// <summary>Whether nobody will.</summary>
    public bool IsCompleted => _isCompleted;

    private Inbound Input => _connection.Life.Input;

    public override ValueTask<ReadResult> ReadAsync(CancellationToken cancellationToken = default)
    {
        if (cancellationToken.IsCancellationRequested)
        {
            return ValueTask.FromCanceled<ReadResult>(cancellationToken);
        }

        bool isWatched;
        ValueTask<ReadResult> answer;
        lock (_gate)
        {
            if (TryAnswer(out var result))
            {
                return new(result);
            }

            answer = _wait.Begin();
            (isWatched, _isWatching) = (_isWatching, true);
        }

        _wait.EndWhen(cancellationToken);
        if (!isWatched)
        {
            Input.Attach(_watch);
        }

        return answer;
    }

    public override bool TryRead(out ReadResult result)
    {
        var isHere = _connection.Hub.IsCurrent;
        lock (_gate)
        {
            // What is there already, though nobody has waited for it.
            if (isHere && _reading == ReadState.None && !_wait.IsUnderWay && !_isCompleted)
            {
                Know(_latest.IsEnded || (Input.HasEnded && !Input.IsCut));
            }

            return TryAnswer(out result);
        }
    }

    public override void AdvanceTo(SequencePosition consumed) => AdvanceTo(consumed, consumed);

    public override void AdvanceTo(SequencePosition consumed, SequencePosition examined)
    {
        bool isToConsume;
        lock (_gate)
        {
            ThrowIfCompleted();
            if (_reading == ReadState.None)
            {
                throw new InvalidOperationException("There is nothing to advance over: read first, and advance once.");
            }

            var (taken, seen) = (_shown.OffsetOf(consumed), _shown.OffsetOf(examined));
            if (seen < taken)
            {
                throw new InvalidOperationException($"The examined position ({seen}) is before the consumed one ({taken}).");
            }

            (_begin, _examined) = (Math.Max(_begin, _shown.Begin + taken), Math.Max(_examined, _shown.Begin + seen));
            (_reading, _shown) = (ReadState.None, default);
            _latest = _latest.From(_begin);
            isToConsume = taken > 0 && !_isConsuming;
            _isConsuming |= isToConsume;
        }

        if (_connection.Hub.IsCurrent)
        {
            ConsumeHere();
        }
        else if (isToConsume)
        {
            _connection.Hub.PostForLater(static pipe => ((InputPipe)pipe!).ConsumeHere(), this);
        }
    }

    public override void CancelPendingRead()
    {
        lock (_gate)
        {
            _isCanceled = true;
            if (_wait.TryEnd() && TryAnswer(out var result))
            {
                _wait.SetResult(result);
            }
        }
    }

    public override void Complete(Exception? exception = null)
    {
        lock (_gate)
        {
            (_isCompleted, _reading, _shown, _latest) = (true, ReadState.None, default, default);
            if (_wait.TryEnd())
            {
                _wait.SetException(Completed());
            }
        }

        Input.Leave(_watch);
    }

    /// <summary>There may be more, or the end. On the hub.</summary>
    /// <returns>Whether it watches no longer: enough was received that nobody has asked for, or no more comes.</returns>
    public bool Arrived(InputWatch watch, Inbound input)
    {
        ReadResult result = default;
        bool isTold;
        bool hasEnough;
        lock (_gate)
        {
            if (_isCompleted)
            {
                return false;
            }

            Know(input.IsAtEnd(isOwed: false) && !input.IsCut);
            isTold = _wait.IsUnderWay && HasNews && _wait.TryEnd() && TryAnswer(out result);
            hasEnough = !_wait.IsUnderWay && (_latest.Bytes.Length >= MostAhead || input.IsAtEnd(isOwed: false) || input.Failure is not null);
            _isWatching = !hasEnough;
        }

        if (hasEnough)
        {
            input.Detach(watch);
        }

        if (isTold)
        {
            // Behind the gate, which the reader wants next: where there is one core, it runs at once.
            _wait.SetResult(result);
        }

        return hasEnough;
    }

    /// <summary>Another wants to read: that is its right while nobody waits here. On the hub.</summary>
    public bool TryMakeWay(Inbound input)
    {
        lock (_gate)
        {
            if (!_wait.IsUnderWay)
            {
                _isWatching = false;
                input.ConsumeTo(_begin);
            }

            return !_isWatching;
        }
    }

    /// <summary>No more comes, though the stream is cut. On the hub.</summary>
    public void Ended()
    {
        lock (_gate)
        {
            _isWatching = false;
            if (_wait.TryEnd())
            {
                _latest = _latest with { IsEnded = true };
                TryAnswer(out var result);
                _wait.SetResult(result);
            }
        }
    }

    /// <summary>Nothing more comes. On the hub, or where that has ended.</summary>
    public void Failed(Exception error)
    {
        lock (_gate)
        {
            _isWatching = false;
            if (_wait.TryEnd())
            {
                _wait.SetException(error);
            }
        }
    }

    private static InvalidOperationException Completed() => new("This reader was completed: it reads no more.");

    private void ThrowIfCompleted()
    {
        if (_isCompleted)
        {
            throw Completed();
        }
    }

    // On the hub.
    private void ConsumeHere()
    {
        lock (_gate)
        {
            _isConsuming = false;
            Input.ConsumeTo(_begin);
        }
    }

    // On the hub.
    private void Know(bool isEnded)
    {
        Input.ConsumeTo(_begin);
        ForgetWhatIsGone();
        _latest = new InputSnapshot(Input.Unread, Input.ConsumedTotal, isEnded);
    }

    // What others have taken is theirs.
    private void ForgetWhatIsGone()
    {
        if (Input.ConsumedTotal is var gone && gone > _begin)
        {
            _latest = _latest.From(gone) with { IsEnded = false };
            (_begin, _examined) = (gone, Math.Max(_examined, gone));
        }
    }

    private bool HasNews => _latest.End > _examined || _latest.IsEnded || _isCanceled;

    private bool TryAnswer(out ReadResult result)
    {
        ThrowIfCompleted();
        if (_wait.IsUnderWay)
        {
            throw new InvalidOperationException("A read is under way: await it first. Concurrent reads are not supported.");
        }

        if (_reading == ReadState.Yes)
        {
            throw new InvalidOperationException("The last read was not advanced over: call AdvanceTo first.");
        }

        ForgetWhatIsGone();
        if (!HasNews)
        {
            result = default;
            return false;
        }

        _shown = _latest;
        result = new ReadResult(_shown.Bytes, _isCanceled, _shown.IsEnded);
        _reading = _isCanceled ? ReadState.Perhaps : ReadState.Yes;
        _isCanceled = false;
        return true;
    }
}
