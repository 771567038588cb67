using System.Net;
using MongoDB.Bson;

namespace Diesel.Reactive.Protocols.MongoDB;

/// <summary>A cursor as its server has it: all of it is asked of that server, with one session.</summary>
internal sealed class ServerCursor(MongoTarget target, Func<MongoRequest<CursorBatch>> first) : ICursorSource
{
    private readonly SessionState _session = target.Options.Session?.State ?? new SessionState(target.Cluster.Sessions, isCausal: false);
    private EndPoint? _server;

    public Awaitable<CursorBatch> First() => target.Ask(first() with { Session = _session, Answered = server => _server = server });

    public Awaitable<CursorBatch> More(CursorBatch last) => More(last, null);

    public void Give(RawBson document)
    {
    }

    /// <summary>Goes on.</summary>
    /// <param name="last">What was given last.</param>
    /// <param name="wait">How long the server may wait for something to give; null: it does not.</param>
    public Awaitable<CursorBatch> More(CursorBatch last, TimeSpan? wait)
    {
        var more = BsonOutput.Rent().Add("getMore", last.Id).Add("collection", last.Collection);
        if (target.Options.BatchSize is { } size)
        {
            more.Add("batchSize", size);
        }

        if (wait is { } span)
        {
            more.Add("maxTimeMS", (long)span.TotalMilliseconds);
        }

        return target.Ask(new MongoRequest<CursorBatch>
        {
            Name = "getMore", Database = target.Database, Collection = last.Collection, Elements = more.Take(), Read = CursorBatch.Of, TellsTime = false,
            Timeout = wait is null || target.Options.Timeout == Timeout.InfiniteTimeSpan ? target.Options.Timeout : target.Options.Timeout + wait.Value,
            Session = _session, Server = _server, ReadPreference = target.Options.ReadPreference,
        });
    }

    public void End(CursorBatch? rest)
    {
        if (rest is { Id: not 0 })
        {
            var kill = BsonOutput.Rent().Add("killCursors", rest.Collection).Add("cursors", new BsonArray { rest.Id });
            var request = new MongoRequest<bool>
            {
                Name = "killCursors", Database = target.Database, Collection = rest.Collection, Elements = kill.Take(), Read = static _ => true, Timeout = target.Options.Timeout,
                Session = _session, Server = _server,
            };

            // Best effort: the server forgets it by itself.
            target.Ask(request).Subscribe(_ => Leave(), _ => Leave());
        }
        else
        {
            Leave();
        }
    }

    private void Leave()
    {
        if (target.Options.Session is not null)
        {
            return;
        }

        if (target.Hub.IsCurrent)
        {
            _session.End();
        }
        else
        {
            target.Hub.Post(static session => ((SessionState)session!).End(), _session);
        }
    }
}
