using System.Reactive;
using System.Reactive.Subjects;

namespace Diesel.Reactive;

/// <summary>The output side of a connection: the queue, its marks and its bound, flushed once per turn.</summary>
internal sealed class Outbound(Connection connection, ConnectionLife life, ConnectionOptions options) : IFlushable
{
    // A write as large as this goes out by itself; smaller ones are gathered, as copying them costs less than a system call.
    private const int Large = 16 * 1024;

    // A peer that takes all at once must not keep the others waiting: the rest goes out in the next turn.
    private const int MostPerTurn = 1024 * 1024;

    private readonly Queue<Segment> _queue = new();
    private Queue<Receipt>? _receipts;
    private BehaviorSubject<bool>? _writable;
    private int _headSent;
    private long _replies;
    private long _queued;
    private bool _dirty;
    private bool _blocked;
    private bool _holding;
    private bool _aboveMark;
    private bool _finished;
    private Exception? _closed;

    public long Pending
    {
        get;
        private set
        {
            Budget?.Change(value - field);
            field = value;
        }
    }

    /// <summary>What is queued for several connections together; null: nobody counts.</summary>
    public ByteBudget? Budget { get; set; }

    public long SentTotal { get; private set; }

    /// <summary>Bytes the peer's system has taken.</summary>
    public long TakenTotal => SentTotal - life.Transport.UntakenBytes;

    /// <summary>No more output is taken: completed, or over.</summary>
    public bool IsCompleted { get; private set; }

    /// <summary>The FIN is out.</summary>
    public bool IsFinished => _finished;

    public IObservable<bool> Writable => _writable ??= NewWritable();

    public void Send(ReadOnlyMemory<byte> bytes)
    {
        if (IsCompleted)
        {
            return;
        }

        _queue.Enqueue(new Segment(bytes, connection.IsReplying));
        Pending += bytes.Length;
        _queued += bytes.Length;
        if (connection.IsReplying)
        {
            _replies += bytes.Length;
        }

        if (Pending > options.MaxPendingBytes)
        {
            life.Overflow(new SlowConsumerException(Pending, options.MaxPendingBytes, connection.RemoteEndPoint));
            return;
        }

        Mark();
        FlushLater();
    }

    public void Send(ReadOnlyMemory<byte> bytes, AwaitableSource<Unit> receipt)
    {
        (_receipts ??= new()).Enqueue(new Receipt(_queued + bytes.Length, receipt));
        Send(bytes);
    }

    public void Complete()
    {
        IsCompleted = true;
        FlushLater();
    }

    public void Flush()
    {
        _dirty = false;
        var most = SentTotal + MostPerTurn;
        while (!_blocked && _queue.Count > 0 && _closed is null)
        {
            if (SentTotal >= most)
            {
                connection.Hub.Post(static o => ((Outbound)o!).FlushLater(), this);
                break;
            }

            var batch = Gather(most - SentTotal);
            var taken = batch.Length == 0 ? 0 : life.Transport.Send(batch);
            _blocked = taken < batch.Length;
            Sent(taken);
        }

        Settle();
    }

    public void Resume(int sent)
    {
        _blocked = false;
        Sent(sent);
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
        Pending = 0;
        _queue.Clear();
        while (_receipts is not null && _receipts.TryDequeue(out var receipt))
        {
            Tell(() => receipt.Done.TrySetException(error));
        }

        Tell(() => _writable?.OnCompleted());
    }

    /// <summary>Replies that can no longer be sent hold nothing: the reader gets its frames and the failure.</summary>
    public void LetGoOfInput()
    {
        if (_holding)
        {
            _holding = false;
            life.Input.Release();
        }
    }

    private BehaviorSubject<bool> NewWritable()
    {
        var writable = new BehaviorSubject<bool>(!_aboveMark);
        if (_closed is not null)
        {
            writable.OnCompleted();
        }

        return writable;
    }

    private void FlushLater()
    {
        if (!_dirty)
        {
            _dirty = true;
            connection.Hub.FlushAtEndOfTurn(this);
        }
    }

    private ReadOnlySpan<byte> Gather(long most)
    {
        var head = _queue.Peek().Bytes.Span[_headSent..];
        if (head.Length > most)
        {
            return head[..(int)most];
        }

        if (_queue.Count == 1 || head.Length >= Large)
        {
            return head;
        }

        var scratch = connection.Hub.Scratch.AsSpan();
        var used = 0;
        var skip = _headSent;
        foreach (var segment in _queue)
        {
            var bytes = segment.Bytes.Span[skip..];
            if (bytes.Length > scratch.Length - used)
            {
                break;
            }

            bytes.CopyTo(scratch[used..]);
            used += bytes.Length;
            skip = 0;
        }

        return scratch[..used];
    }

    private void Sent(int count)
    {
        SentTotal += count;
        Pending -= count;
        while (_queue.TryPeek(out var head))
        {
            var sent = Math.Min(count, head.Bytes.Length - _headSent);
            count -= sent;
            _headSent += sent;
            _replies -= head.IsReply ? sent : 0;
            if (_headSent < head.Bytes.Length)
            {
                return;
            }

            _headSent = 0;
            _queue.Dequeue();
        }
    }

    private void Settle()
    {
        while (_receipts is not null && _receipts.TryPeek(out var receipt) && receipt.Target <= SentTotal && _closed is null)
        {
            _receipts.Dequeue();
            Tell(() => receipt.Done.TrySetResult(Unit.Default));
        }

        Mark();
        if (IsCompleted && !_finished && _queue.Count == 0 && _closed is null)
        {
            _finished = true;
            life.OutputFinished();
        }
    }

    // Replies above the mark hold the input they answer; any output above it tells the producers.
    private void Mark()
    {
        if (_closed is not null)
        {
            // A flush that was due when the connection ended must not hold the reader back from hearing of it.
            return;
        }

        if (!_holding && _replies > options.HighWaterMark)
        {
            _holding = true;
            life.Input.Hold();
        }
        else if (_holding && _replies < options.LowWaterMark)
        {
            _holding = false;
            life.Input.Release();
        }

        if (_aboveMark ? Pending < options.LowWaterMark : Pending > options.HighWaterMark)
        {
            _aboveMark = !_aboveMark;
            Tell(() => _writable?.OnNext(!_aboveMark));
        }
    }

    // What an observer of the output throws ends this connection, and keeps nobody from being told.
    private void Tell(Action notify)
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

    private readonly record struct Segment(ReadOnlyMemory<byte> Bytes, bool IsReply);

    private readonly record struct Receipt(long Target, AwaitableSource<Unit> Done);
}
