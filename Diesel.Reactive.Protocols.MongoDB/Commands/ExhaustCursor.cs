using System.Buffers;

namespace Diesel.Reactive.Protocols.MongoDB;

/// <summary>A cursor that is asked for more once: the server sends one batch after another, on a connection that is the cursor's alone.</summary>
/// <remarks>When one batch waits to be taken, the connection is not read. Source: the driver specifications' <c>OP_MSG</c>: of several replies each but the first
/// answers the one before.</remarks>
internal sealed class ExhaustCursor(ServerCursor cursor, MongoTarget target) : ICursorSource, IObserver<CursorBatch>
{
    private readonly Queue<CursorBatch> _waiting = [];
    private IObservable<CursorBatch>? _batches;
    private IDisposable? _streaming;
    private IDisposable? _hold;
    private Deadline? _limit;
    private AwaitableSource<CursorBatch>? _wanted;
    private CursorBatch? _came;
    private Exception? _error;

    public Awaitable<CursorBatch> First() => cursor.First();

    public Awaitable<CursorBatch> More(CursorBatch last)
    {
        if (_waiting.Count == 0 && _batches is null && !TryBegin(last))
        {
            return cursor.More(last);
        }

        var wanted = new AwaitableSource<CursorBatch>("the next batch");
        if (_waiting.TryDequeue(out var batch))
        {
            wanted.TrySetResult(batch);
            GoOn();
        }
        else if (_error is { } error)
        {
            wanted.TrySetException(error);
        }
        else
        {
            _wanted = wanted;
            (_limit ??= new(target.Hub, static cursor => ((ExhaustCursor)cursor!).Late(), this)).Reset(target.Options.Timeout);
        }

        return wanted;
    }

    public void Give(RawBson document) => cursor.Give(document);

    public void End(CursorBatch? rest)
    {
        Leave();
        cursor.End(rest is null ? null : _came ?? rest);
    }

    public void OnNext(CursorBatch value)
    {
        _came = value.WithoutDocuments();
        _waiting.Enqueue(value);
        if (_wanted is null || _waiting.Count > 1)
        {
            _hold ??= (_batches as IPausable)?.Pause();
            return;
        }

        // In another turn: whether it is the last is known then.
        _limit!.Cancel();
        target.Hub.Post(static cursor => ((ExhaustCursor)cursor!).Deliver(), this);
    }

    public void OnError(Exception error)
    {
        Release();
        // What the server says leaves the connection unharmed.
        var end = error is MongoErrorException ? cursor.Pin!.Return : (Action)cursor.Pin!.Discard;
        (_batches, _streaming, _error) = (null, null, error);
        end();

        // Behind what came before, which is on its way.
        if (_wanted is { } wanted && _waiting.Count == 0)
        {
            _wanted = null;
            _limit!.Cancel();
            wanted.TrySetException(error);
        }
    }

    // With an end, or the server is to be asked again.
    public void OnCompleted()
    {
        Release();
        (_batches, _streaming) = (null, null);
        if (_came is { Id: 0 })
        {
            cursor.Pin!.Return();
        }
    }

    private bool TryBegin(CursorBatch last)
    {
        if (_error is not null)
        {
            return true;
        }

        if (cursor.Pin?.Connection is not { Hello.IsRouter: false } connection || target.Cluster.IsBalanced || target.Cluster.Pick(null, cursor.Server) is not { } server)
        {
            return false;
        }

        var session = new RequestSession(target.Cluster, cursor.Session, MongoRetries.Never, endsTransaction: false);
        var sending = session.With(new MongoSending(MongoRequestId.Next(), connection, Timeout.InfiniteTimeSpan), server, isAnswered: true);
        _batches = connection.Pipeline.Stream(new Replies(cursor.Next(last) with { TakesSeveral = true }, sending, session));
        var streaming = _batches.Subscribe(this);
        _streaming = _batches is null ? null : streaming;
        return true;
    }

    private void Deliver()
    {
        if (_wanted is { } wanted && _waiting.TryDequeue(out var batch))
        {
            _wanted = null;
            wanted.TrySetResult(batch);
        }
    }

    private void GoOn()
    {
        if (_waiting.Count == 0)
        {
            Release();
        }
    }

    private void Late()
    {
        var wanted = _wanted;
        _wanted = null;
        Leave();
        _error = new TimeoutException($"The next batch of a cursor of {target.Database} has not come within {target.Options.Timeout}; it waited for the reply of {MongoEndPoint.Shown(cursor.Server!)}.");
        wanted?.TrySetException(_error);
    }

    // In the middle of something: the connection is closed.
    private void Leave()
    {
        _limit?.Cancel();
        if (_streaming is { } streaming)
        {
            (_batches, _streaming) = (null, null);
            streaming.Dispose();
            cursor.Pin!.Discard();
        }

        Release();
    }

    // The connection is read again: the cursor's, or the next caller's.
    private void Release()
    {
        _hold?.Dispose();
        _hold = null;
    }

    /// <summary>The request, and the replies to it.</summary>
    private sealed class Replies(MongoRequest<CursorBatch> request, MongoSending sending, RequestSession session) : StreamCall<MongoMessage, CursorBatch>
    {
        private int _answersTo = sending.Id;

        public override string ToString() => request.ToString();

        protected override void Write(IBufferWriter<byte> output) => request.Write(output, sending);

        protected override bool Answers(MongoMessage reply) => reply.ResponseTo == _answersTo;

        protected override bool Read(MongoMessage reply, IObserver<CursorBatch> items)
        {
            _answersTo = reply.RequestId;
            session.Hear(reply.Body);
            if (reply.Body["ok"u8].ToBoolean())
            {
                items.OnNext(CursorBatch.Of(reply.Body));
            }
            else
            {
                items.OnError(MongoErrorException.Of(reply.Body));
            }

            return !reply.Flags.HasFlag(MongoFlags.MoreToCome);
        }
    }
}
