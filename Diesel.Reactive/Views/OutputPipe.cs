using System.IO.Pipelines;
using System.Reactive;
using System.Runtime.InteropServices;

namespace Diesel.Reactive;

/// <summary>A connection's output as a <see cref="PipeWriter"/>, on any thread, one at a time: sends at each flush, and waits there while too much
/// of what it was given is still on its way to the kernel.</summary>
internal sealed class OutputPipe : PipeWriter, IHubWait
{
    private const int LeastBlock = 4 * 1024;

    // More at once would count against the connection's bound before anybody could wait.
    private const int MostWritten = 64 * 1024;

    private readonly Lock _gate = new();
    private readonly Connection _connection;
    private readonly PipeWait<FlushResult> _wait;
    private readonly List<ReadOnlyMemory<byte>> _unflushed = [];

    // What was flushed since the hub has looked: it is asked to once for all of it.
    private List<ReadOnlyMemory<byte>> _flushed = [];
    private List<ReadOnlyMemory<byte>> _sending = [];
    private Memory<byte> _block;
    private int _written;
    private long _unsent;
    private Exception? _failure;
    private bool _isCanceled;
    private bool _isCompleted;

    public OutputPipe(Connection connection) => (_connection, _wait) = (connection, new PipeWait<FlushResult>(_gate));

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

        if (_wait.IsUnderWay)
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

            if (_isCanceled || _unsent <= _connection.Life.HighWaterMark)
            {
                return new(Result());
            }

            answer = _wait.Begin();
        }

        _wait.EndWhen(cancellationToken);
        return answer;
    }

    public override void CancelPendingFlush()
    {
        lock (_gate)
        {
            _isCanceled = true;
            if (_wait.TryEnd())
            {
                _wait.SetResult(Result());
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
            _connection.OnCompleted();
        }
        else
        {
            _connection.OnError(exception);
        }
    }

    public void HubEnded(ObjectDisposedException error) => Failed(error);

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
        ReadOnlyMemory<byte>[] behind = [];
        bool isFirst;
        lock (_gate)
        {
            isFirst = _flushed.Count == 0 && _unflushed.Count > 0;
            foreach (var bytes in _unflushed)
            {
                _unsent += bytes.Length;
            }

            if (_connection.IsSentTo && !_connection.Hub.IsCurrent)
            {
                (behind, isFirst) = ([.. _unflushed], false);
            }
            else
            {
                _flushed.AddRange(_unflushed);
            }
        }

        _unflushed.Clear();
        if (_connection.Hub.IsCurrent)
        {
            SendHere();
        }
        else if (isFirst && !_connection.Hub.Post(static pipe => ((OutputPipe)pipe!).SendHere(), this))
        {
            Failed(_connection.Hub.Ended());
        }

        // What was sent through the connection is on its way to the hub, and this stays behind it.
        Hand(behind);
    }

    private void SendHere()
    {
        lock (_gate)
        {
            (_flushed, _sending) = (_sending, _flushed);
        }

        Hand(CollectionsMarshal.AsSpan(_sending));
        _sending.Clear();
    }

    private void Hand(ReadOnlySpan<ReadOnlyMemory<byte>> pieces)
    {
        if (pieces.IsEmpty)
        {
            return;
        }

        var count = pieces[^1].Length;
        foreach (var bytes in pieces[..^1])
        {
            count += bytes.Length;
            _connection.OnNext(bytes);
        }

        _connection.Send(pieces[^1]).Subscribe(new Receipt(this, count));
    }

    private void Sent(int count)
    {
        lock (_gate)
        {
            _unsent -= count;
            if (_unsent < _connection.Life.LowWaterMark && _wait.TryEnd())
            {
                _wait.SetResult(Result());
            }
        }
    }

    private void Failed(Exception error)
    {
        lock (_gate)
        {
            _failure ??= error;
            if (_wait.TryEnd())
            {
                _wait.SetException(error);
            }
        }
    }

    private FlushResult Result()
    {
        var result = new FlushResult(_isCanceled, isCompleted: false);
        _isCanceled = false;
        return result;
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
