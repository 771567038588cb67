using System.IO.Pipelines;
using System.Reactive;
using System.Threading.Tasks.Sources;

namespace Diesel.Reactive;

/// <summary>A connection's output as a <see cref="PipeWriter"/>, on any thread, one at a time: sends at each flush, and waits there while too much
/// of what it was given is still on its way to the kernel.</summary>
internal sealed class OutputPipe(Connection connection) : PipeWriter, IValueTaskSource<FlushResult>
{
    private const int LeastBlock = 4 * 1024;

    // More at once would count against the connection's bound before anybody could wait.
    private const int MostWritten = 64 * 1024;

    private readonly Lock _gate = new();
    private readonly List<ReadOnlyMemory<byte>> _unflushed = [];
    private ManualResetValueTaskSourceCore<FlushResult> _answer = new() { RunContinuationsAsynchronously = true };
    private CancellationTokenRegistration _cancellation;
    private Memory<byte> _block;
    private int _written;
    private long _unsent;
    private Exception? _failure;
    private bool _isWaiting;
    private bool _isCanceled;
    private bool _isCompleted;

    public override bool CanGetUnflushedBytes => true;

    public override long UnflushedBytes => _written + _unflushed.Sum(static bytes => (long)bytes.Length);

    public override Memory<byte> GetMemory(int sizeHint = 0)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(sizeHint);
        ThrowIfCompleted();
        if (_block.Length - _written < Math.Max(sizeHint, 1))
        {
            EndBlock();
            _block = GC.AllocateUninitializedArray<byte>(Math.Max(sizeHint, LeastBlock));
        }

        return _block[_written..];
    }

    public override Span<byte> GetSpan(int sizeHint = 0) => GetMemory(sizeHint).Span;

    public override void Advance(int bytes)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(bytes);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(bytes, _block.Length - _written);
        _written += bytes;
    }

    public override async ValueTask<FlushResult> WriteAsync(ReadOnlyMemory<byte> source, CancellationToken cancellationToken = default)
    {
        while (true)
        {
            var piece = source[..Math.Min(source.Length, MostWritten)];
            piece.CopyTo(GetMemory(piece.Length));
            Advance(piece.Length);
            source = source[piece.Length..];
            var result = await FlushAsync(cancellationToken).ConfigureAwait(false);
            if (result.IsCanceled)
            {
                // The wait was cancelled, not the write: the rest is the next flush's.
                source.CopyTo(GetMemory(source.Length));
                Advance(source.Length);
            }

            if (source.IsEmpty || result.IsCanceled)
            {
                return result;
            }
        }
    }

    public override ValueTask<FlushResult> FlushAsync(CancellationToken cancellationToken = default)
    {
        if (cancellationToken.IsCancellationRequested)
        {
            return ValueTask.FromCanceled<FlushResult>(cancellationToken);
        }

        if (_isWaiting)
        {
            throw new InvalidOperationException("A flush is under way: await it first. Concurrent writes are not supported.");
        }

        Send();
        ValueTask<FlushResult> answer;
        lock (_gate)
        {
            if (_failure is { } failure)
            {
                return ValueTask.FromException<FlushResult>(failure);
            }

            if (_isCanceled || _unsent <= connection.Life.HighWaterMark)
            {
                return new(Result());
            }

            _isWaiting = true;
            _answer.Reset();
            answer = new(this, _answer.Version);
        }

        Keep(cancellationToken.UnsafeRegister(static (pipe, token) => ((OutputPipe)pipe!).CancelFlush(token), this));
        return answer;
    }

    public override void CancelPendingFlush()
    {
        lock (_gate)
        {
            _isCanceled = true;
            if (EndWait())
            {
                _answer.SetResult(Result());
            }
        }
    }

    public override void Complete(Exception? exception = null)
    {
        if (_isCompleted)
        {
            return;
        }

        Send();
        _isCompleted = true;
        if (exception is null)
        {
            connection.OnCompleted();
        }
        else
        {
            connection.OnError(exception);
        }
    }

    FlushResult IValueTaskSource<FlushResult>.GetResult(short token) => _answer.GetResult(token);

    ValueTaskSourceStatus IValueTaskSource<FlushResult>.GetStatus(short token) => _answer.GetStatus(token);

    void IValueTaskSource<FlushResult>.OnCompleted(Action<object?> continuation, object? state, short token, ValueTaskSourceOnCompletedFlags flags) =>
        _answer.OnCompleted(continuation, state, token, flags);

    private void ThrowIfCompleted()
    {
        if (_isCompleted)
        {
            throw new InvalidOperationException("This writer was completed: it writes no more.");
        }
    }

    private void EndBlock()
    {
        if (_written > 0)
        {
            _unflushed.Add(_block[.._written]);
            (_block, _written) = (_block[_written..], 0);
        }
    }

    private void Send()
    {
        EndBlock();
        foreach (var bytes in _unflushed)
        {
            lock (_gate)
            {
                _unsent += bytes.Length;
            }

            connection.Send(bytes).Subscribe(new Receipt(this, bytes.Length));
        }

        _unflushed.Clear();
    }

    private void Sent(int count)
    {
        lock (_gate)
        {
            _unsent -= count;
            if (_unsent < connection.Life.LowWaterMark && EndWait())
            {
                _answer.SetResult(Result());
            }
        }
    }

    private void Failed(Exception error)
    {
        lock (_gate)
        {
            _failure ??= error;
            if (EndWait())
            {
                _answer.SetException(error);
            }
        }
    }

    private void CancelFlush(CancellationToken token)
    {
        lock (_gate)
        {
            if (EndWait())
            {
                _answer.SetException(new OperationCanceledException(token));
            }
        }
    }

    private FlushResult Result()
    {
        var result = new FlushResult(_isCanceled, isCompleted: false);
        _isCanceled = false;
        return result;
    }

    private void Keep(CancellationTokenRegistration registration)
    {
        lock (_gate)
        {
            if (_isWaiting)
            {
                _cancellation = registration;
                return;
            }
        }

        registration.Unregister();
    }

    private bool EndWait()
    {
        var isWaiting = _isWaiting;
        _isWaiting = false;
        _cancellation.Unregister();
        _cancellation = default;
        return isWaiting;
    }

    private sealed class Receipt(OutputPipe pipe, int count) : IObserver<Unit>
    {
        public void OnNext(Unit value) => pipe.Sent(count);

        public void OnError(Exception error) => pipe.Failed(error);

        public void OnCompleted()
        {
        }
    }
}
