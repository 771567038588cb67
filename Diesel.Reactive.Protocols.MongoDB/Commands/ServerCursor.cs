using System.Net;
using System.Reactive.Linq;
using MongoDB.Bson;

namespace Diesel.Reactive.Protocols.MongoDB;

/// <summary>A cursor as its server has it: all of it is asked of that server, with one session; behind a balancer on one connection.</summary>
internal sealed class ServerCursor : ICursorSource
{
    private readonly MongoTarget _target;
    private readonly Func<MongoRequest<CursorBatch>> _first;

    public ServerCursor(MongoTarget target, Func<MongoRequest<CursorBatch>> first)
    {
        (_target, _first) = (target, first);
        Session = target.Options.Session?.State ?? new SessionState(target.Cluster.Sessions, isCausal: false);
        IsInTransaction = Session.IsInTransaction;
        Pin = (target.Options.Batches == MongoBatches.Exhaust || target.Cluster.IsBalanced) && !IsInTransaction ? new() : null;
    }

    public SessionState Session { get; }

    public bool IsInTransaction { get; }

    /// <summary>Who has it; null: nobody has answered.</summary>
    public EndPoint? Server { get; private set; }

    /// <summary>The connection it was begun on; null: it need not stay there.</summary>
    public MongoPin? Pin { get; }

    /// <summary>How its batches are got.</summary>
    public static ICursorSource Of(MongoTarget target, Func<MongoRequest<CursorBatch>> first) => target.Options.Batches switch
    {
        MongoBatches.OneAhead => new AheadCursor(new ServerCursor(target, first)),
        MongoBatches.Exhaust => new ExhaustCursor(new ServerCursor(target, first), target),
        _ => new ServerCursor(target, first),
    };

    public Awaitable<CursorBatch> First() => Asked(_first() with { Session = Session, Answered = server => Server = server, Pin = Pin });

    public Awaitable<CursorBatch> More(CursorBatch last) => More(last, null);

    public void Give(RawBson document)
    {
    }

    /// <summary>Goes on.</summary>
    /// <param name="last">What was given last.</param>
    /// <param name="wait">How long the server may wait for something to give; null: it does not.</param>
    public Awaitable<CursorBatch> More(CursorBatch last, TimeSpan? wait) => Asked(Next(last, wait));

    /// <summary>What asks for the next batch.</summary>
    public MongoRequest<CursorBatch> Next(CursorBatch last, TimeSpan? wait = null)
    {
        var more = BsonOutput.Rent().Add("getMore", last.Id).Add("collection", last.Collection);
        if (_target.Options.BatchSize is { } size)
        {
            more.Add("batchSize", size);
        }

        if (wait is { } span)
        {
            more.Add("maxTimeMS", (long)span.TotalMilliseconds);
        }

        return new()
        {
            Name = "getMore", Database = _target.Database, Collection = last.Collection, Elements = more.Take(), Read = CursorBatch.Of, TellsTime = false,
            Timeout = wait is null || _target.Options.Timeout == Timeout.InfiniteTimeSpan ? _target.Options.Timeout : _target.Options.Timeout + wait.Value,
            Session = Session, Server = Server, ReadPreference = _target.Options.ReadPreference, Pin = Pin,
        };
    }

    public void End(CursorBatch? rest)
    {
        // Behind a balancer it is known on its connection alone: when that is closed, it has ended with it.
        if (rest is { Id: not 0 } && !(_target.Cluster.IsBalanced && Pin is { Connection: null }))
        {
            var kill = BsonOutput.Rent().Add("killCursors", rest.Collection).Add("cursors", new BsonArray { rest.Id });
            var request = new MongoRequest<bool>
            {
                Name = "killCursors", Database = _target.Database, Collection = rest.Collection, Elements = kill.Take(), Read = static _ => true, Timeout = _target.Options.Timeout,
                Session = Session, Server = Server, Pin = Pin?.Connection is null ? null : Pin,
            };

            // Best effort: the server forgets it by itself.
            _target.Ask(request).Subscribe(_ => Leave(), _ => Leave());
        }
        else
        {
            Leave();
        }
    }

    private Awaitable<CursorBatch> Asked(MongoRequest<CursorBatch> request)
    {
        var asked = _target.Ask(request);
        return Pin is null ? asked : asked.Do(batch =>
        {
            if (batch.Id == 0)
            {
                Pin.Return();
            }
        }).ToAwaitable("a batch");
    }

    private void Leave()
    {
        Pin?.Return();
        if (_target.Options.Session is null)
        {
            Session.End();
        }
    }
}
