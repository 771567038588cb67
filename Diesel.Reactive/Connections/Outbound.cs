using System.Reactive;

namespace Diesel.Reactive;

/// <summary>The output side of a connection: what waits to be sent, and its bound; flushed at the end of each turn.</summary>
/// <remarks>What it needs while something waits is lent by the hub's <see cref="OutputPool"/>.</remarks>
internal sealed class Outbound(Connection connection, ConnectionLife life, ConnectionOptions options) : IFlushable
{
    private OutputQueue? _queue;
    private OutputWriter? _writer;
    private OutputRoom? _room;
    private OutputMarks _marks;
    private OutputPace _pace;
    private bool _dirty;
    private bool _blocked;
    private Exception? _closed;

    public Hub Hub => connection.Hub;

    /// <summary>Bytes that wait.</summary>
    public long Pending => Held + (_queue?.FileBytes ?? 0);

    /// <summary>Those of them that are in memory.</summary>
    public long Held
    {
        get;
        private set
        {
            Budget?.Change(value - field);
            field = value;
        }
    }

    /// <summary>What several connections hold together; null: nobody counts.</summary>
    public ByteBudget? Budget { get; set; }

    /// <summary>How much goes out at a time.</summary>
    public ref OutputPace Pace => ref _pace;

    /// <summary>Output waits for the peer, here or in the kernel, and not for this side's own limit.</summary>
    public bool IsOwed => (Pending > 0 || life.Transport.UntakenBytes > 0) && !_pace.IsWaiting;

    public long SentTotal { get; private set; }

    /// <summary>Bytes the peer's system has taken.</summary>
    public long TakenTotal => SentTotal - life.Transport.UntakenBytes;

    /// <summary>No more output is taken: completed, or over.</summary>
    public bool IsCompleted { get; private set; }

    /// <summary>The FIN is out.</summary>
    public bool IsFinished { get; private set; }

    /// <summary>Why nothing more is sent; null: it is not over.</summary>
    public Exception? Failure => _closed;

    /// <summary>Producers should wait.</summary>
    public bool IsAboveMark => _marks.IsAbove;

    /// <summary>Why there will be no room any more; null: there may be.</summary>
    public Exception? Refusal => IsCompleted ? life.Refusal() : null;

    public OutputWriter Writer => _writer ?? LazyInitializer.EnsureInitialized(ref _writer, () => new OutputWriter(connection, this));

    public OutputRoom Room => _room ?? LazyInitializer.EnsureInitialized(ref _room, () => new OutputRoom(this));

    private OutputPool Pool => OutputPool.Of(Hub);

    public override string ToString() => connection.ToString();

    public void Send(in OutputItem item)
    {
        EndRun();
        var isReply = connection.IsReplying;
        Enqueue(item, isReply);
        Held += item.Bytes.Length;
        Queued(item.Length, isReply);
    }

    /// <summary>So many bytes more were written.</summary>
    public void Wrote(int count, bool isReply)
    {
        if (IsCompleted)
        {
            Writer.DropRun();
            life.Refuse();
            return;
        }

        Held += count;
        Queued(count, isReply);
    }

    /// <summary>What was written keeps its place before what comes.</summary>
    public void EndRun()
    {
        if (_writer is not null && _writer.TryTakeRun(out var run))
        {
            Enqueue(run, run.IsReply);
        }
    }

    public void Complete()
    {
        EndRun();
        IsCompleted = true;
        _room?.Refuse(life.Refusal());
        FlushLater();
    }

    public void FlushLater()
    {
        if (!_dirty)
        {
            _dirty = true;
            Hub.FlushAtEndOfTurn(this);
        }
    }

    public void Flush()
    {
        _dirty = false;
        EndRun();
        var most = SentTotal + _pace.Allowance();
        while (!_blocked && _queue is { Count: > 0 } queue && (SentTotal < most ? SendSome(queue, most - SentTotal) : _pace.GoOnLater(this)))
        {
        }

        _writer?.EndTurn();
        Settle();
    }

    public void Resume(int sent)
    {
        Sent(sent, sent);
        Flush();
    }

    public void Close(Exception error)
    {
        if (_closed is not null)
        {
            return;
        }

        _closed = error;
        IsCompleted = true;
        _writer?.Close();
        var queue = _queue;
        (_queue, Held) = (null, 0);
        while (queue is { Count: > 0 })
        {
            var receipt = queue.RemoveFirst(Pool);
            Tell(() => receipt?.TrySetException(error));
        }

        _room?.Close(error);
    }

    /// <summary>Replies that can no longer be sent hold nothing: the reader gets its frames and the failure.</summary>
    public void LetGoOfInput() => _marks.LetGo(life.Input);

    /// <summary>What an observer of the output throws ends this connection, and keeps nobody from being told.</summary>
    public void Tell(Action notify)
    {
        try
        {
            notify();
        }
        catch (Exception thrown)
        {
            life.Break(thrown);
        }
    }

    private void Enqueue(in OutputItem item, bool isReply) => (_queue ??= Pool.RentQueue()).Add(item, isReply);

    private void Queued(long count, bool isReply)
    {
        _marks.Count(isReply ? count : 0);
        if (Held > options.MaxPendingBytes)
        {
            life.AbortAndReport(new SlowConsumerException(Held, options.MaxPendingBytes, connection.RemoteEndPoint));
            return;
        }

        Mark();
        FlushLater();
    }

    /// <returns>Whether to go on: not before a file was read.</returns>
    private bool SendSome(OutputQueue queue, long most)
    {
        if (queue[0].File is { Count: > 0 } file)
        {
            return SendFile(queue, file, most);
        }

        var batch = Pool.Batch;
        queue.Gather(batch, most, isExact: _pace.Throttle is not null);
        var offered = batch.Length;
        Sent(batch.Send(life.Transport), offered);
        return true;
    }

    private bool SendFile(OutputQueue queue, OutgoingFile file, long most)
    {
        var offered = file.Send(life.Transport, queue.HeadSent, most, out var taken);
        if (offered == 0)
        {
            file.Read(Hub, queue.HeadSent, FileRead);
            return false;
        }

        queue.FixFirst();
        Sent(taken, offered);
        return true;
    }

    private void FileRead(Exception? error)
    {
        if (error is not null)
        {
            life.AbortAndReport(new ConnectionException(
                $"{connection} was reset, as a file could not be sent on it: {error.Message}", connection.RemoteEndPoint, error));
        }
        else if (_closed is null)
        {
            FlushLater();
        }
    }

    private void Sent(long count, long offered)
    {
        _blocked = count < offered;
        SentTotal += count;
        Hub.Sight.Tally.Sent += count;
        _pace.Throttle?.Spend(count);
        while (_queue is { Count: > 0 } queue)
        {
            ref readonly var head = ref queue[0];
            var sent = Math.Min(count, head.Length - queue.HeadSent);
            count -= sent;
            Held -= head.File is null ? sent : 0;
            _marks.Count(head.IsReply ? -sent : 0);
            if (!queue.Advance(sent))
            {
                break;
            }

            if (queue.RemoveFirst(Pool) is { } receipt)
            {
                Pool.Sent.Enqueue(receipt);
            }
        }

        if (!_blocked)
        {
            _queue?.Unfix();
        }
    }

    private void Settle()
    {
        if (_queue is { Count: 0 } queue)
        {
            _queue = null;
            Pool.Return(queue);
        }

        TellSent(Pool.Sent);
        Mark();
        if (IsCompleted && !IsFinished && _queue is null && _closed is null)
        {
            IsFinished = true;
            life.OutputFinished();
        }
    }

    private void TellSent(Queue<AwaitableSource<Unit>> sent)
    {
        while (sent.Count > 0)
        {
            var receipt = sent.Dequeue();
            Tell(() => receipt.TrySetResult(Unit.Default));
        }
    }

    private void Mark()
    {
        // A flush that was due when the connection ended must not hold the reader back from hearing of it.
        if (_closed is null && _marks.Look(options, life.Input, Pending))
        {
            _room?.Tell(!IsAboveMark);
        }
    }
}
