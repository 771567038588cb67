using System.Buffers;
using System.IO.Pipelines;
using System.Threading.Tasks.Sources;

namespace Diesel.Reactive;

/// <summary>A connection's input as a <see cref="PipeReader"/>: looks at what is there without consuming it, on any thread, one at a time.</summary>
/// <remarks>What it knows of the input is a snapshot of the hub's; the bytes never change, so they may be looked at while more arrives. When
/// somebody else has taken some of them meanwhile (another reader, an upgrade), they are not shown again.</remarks>
internal sealed class InputPipe(Connection connection) : PipeReader, IValueTaskSource<ReadResult>
{
    private readonly Lock _gate = new();
    private ManualResetValueTaskSourceCore<ReadResult> _answer = new() { RunContinuationsAsynchronously = true };
    private CancellationTokenRegistration _cancellation;
    private InputPeek? _peek;
    private ReadOnlySequence<byte> _known;

    // Positions in the stream: where what is known begins, behind all that was consumed, and behind the last byte that was examined.
    private long _begin;
    private long _examined;
    private bool _isEnded;
    private bool _isCanceled;
    private bool _isCompleted;
    private ReadState _reading;

    private enum ReadState
    {
        None,

        // Canceled: it may be advanced over, or read again.
        Perhaps,
        Yes,
    }

    private Inbound Input => connection.Life.Input;

    public override ValueTask<ReadResult> ReadAsync(CancellationToken cancellationToken = default)
    {
        if (cancellationToken.IsCancellationRequested)
        {
            return ValueTask.FromCanceled<ReadResult>(cancellationToken);
        }

        InputPeek peek;
        lock (_gate)
        {
            if (TryAnswer(out var result))
            {
                return new(result);
            }

            _answer.Reset();
            _peek = peek = new InputPeek(this, Input, _examined);
        }

        var answer = new ValueTask<ReadResult>(this, _answer.Version);
        Keep(cancellationToken.UnsafeRegister(static (pipe, token) => ((InputPipe)pipe!).CancelRead(token), this), peek);
        peek.Attach();
        return answer;
    }

    public override bool TryRead(out ReadResult result)
    {
        if (connection.Hub.IsCurrent)
        {
            LookHere();
        }

        lock (_gate)
        {
            return TryAnswer(out result);
        }
    }

    public override void AdvanceTo(SequencePosition consumed) => AdvanceTo(consumed, consumed);

    public override void AdvanceTo(SequencePosition consumed, SequencePosition examined)
    {
        lock (_gate)
        {
            ThrowIfCompleted();
            if (_reading == ReadState.None)
            {
                throw new InvalidOperationException("There is nothing to advance over: read first, and advance once.");
            }

            var (taken, seen) = (OffsetOf(consumed), OffsetOf(examined));
            if (seen < taken)
            {
                throw new InvalidOperationException($"The examined position ({seen}) is before the consumed one ({taken}).");
            }

            _reading = ReadState.None;
            _known = _known.Slice(taken);
            (_begin, _examined) = (_begin + taken, _begin + seen);
        }

        connection.Hub.Invoke(static pipe => ((InputPipe)pipe!).ConsumeHere(), this);
    }

    public override void CancelPendingRead()
    {
        lock (_gate)
        {
            _isCanceled = true;
            if (TakePeek() && TryAnswer(out var result))
            {
                _answer.SetResult(result);
            }
        }
    }

    public override void Complete(Exception? exception = null)
    {
        lock (_gate)
        {
            (_isCompleted, _reading, _known) = (true, ReadState.None, default);
            if (TakePeek())
            {
                _answer.SetException(Completed());
            }
        }
    }

    ReadResult IValueTaskSource<ReadResult>.GetResult(short token) => _answer.GetResult(token);

    ValueTaskSourceStatus IValueTaskSource<ReadResult>.GetStatus(short token) => _answer.GetStatus(token);

    void IValueTaskSource<ReadResult>.OnCompleted(Action<object?> continuation, object? state, short token, ValueTaskSourceOnCompletedFlags flags) =>
        _answer.OnCompleted(continuation, state, token, flags);

    /// <summary>There is more, or the end. On the hub.</summary>
    public void Found(InputPeek peek, bool isEnded)
    {
        ReadResult result;
        lock (_gate)
        {
            if (_peek != peek || !TakePeek())
            {
                return;
            }

            Know(isEnded);
            TryAnswer(out result);
        }

        // Behind the gate, which the reader wants next: where there is one core, it runs at once.
        _answer.SetResult(result);
    }

    /// <summary>Nothing more comes. On the hub, or where that has ended.</summary>
    public void Failed(InputPeek peek, Exception error)
    {
        lock (_gate)
        {
            if (_peek == peek && TakePeek())
            {
                _answer.SetException(error);
            }
        }
    }

    /// <summary>Takes from the input what was consumed of it. On the hub.</summary>
    public void ConsumeHere()
    {
        lock (_gate)
        {
            Input.ConsumeTo(_begin);
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

    private void Know(bool isEnded)
    {
        (_known, _begin, _isEnded) = (Input.Unread, Input.ConsumedTotal, isEnded);
        _examined = Math.Max(_examined, _begin);
    }

    // What others have taken is theirs.
    private void ForgetWhatIsGone()
    {
        if (Input.ConsumedTotal is var gone && gone > _begin)
        {
            (_known, _begin, _examined, _isEnded) = (default, gone, Math.Max(_examined, gone), false);
        }
    }

    private bool TryAnswer(out ReadResult result)
    {
        ThrowIfCompleted();
        if (_peek is not null)
        {
            throw new InvalidOperationException("A read is under way: await it first. Concurrent reads are not supported.");
        }

        if (_reading == ReadState.Yes)
        {
            throw new InvalidOperationException("The last read was not advanced over: call AdvanceTo first.");
        }

        ForgetWhatIsGone();
        if (_known.Length <= _examined - _begin && !_isEnded && !_isCanceled)
        {
            result = default;
            return false;
        }

        result = new ReadResult(_known, _isCanceled, _isEnded);
        _reading = _isCanceled ? ReadState.Perhaps : ReadState.Yes;
        _isCanceled = false;
        return true;
    }

    private long OffsetOf(SequencePosition position)
    {
        try
        {
            return _known.Slice(_known.Start, position).Length;
        }
        catch (ArgumentOutOfRangeException error)
        {
            throw new InvalidOperationException("The position is none of the buffer that was read last.", error);
        }
    }

    // The read may be over before its registration can be kept.
    private void Keep(CancellationTokenRegistration registration, InputPeek peek)
    {
        lock (_gate)
        {
            if (_peek == peek)
            {
                _cancellation = registration;
                return;
            }
        }

        registration.Unregister();
    }

    private void CancelRead(CancellationToken token)
    {
        lock (_gate)
        {
            if (TakePeek())
            {
                _answer.SetException(new OperationCanceledException(token));
            }
        }
    }

    private bool TakePeek()
    {
        if (_peek is not { } peek)
        {
            return false;
        }

        _peek = null;
        _cancellation.Unregister();
        _cancellation = default;
        peek.Dispose();
        return true;
    }

    // What is there already, though nobody has waited for it.
    private void LookHere()
    {
        ConsumeHere();
        lock (_gate)
        {
            if (_reading == ReadState.None && _peek is null && !_isCompleted)
            {
                Know(_isEnded || (Input.HasEnded && !Input.IsCut));
            }
        }
    }
}
