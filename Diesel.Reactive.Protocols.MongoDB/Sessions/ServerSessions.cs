using MongoDB.Bson;

namespace Diesel.Reactive.Protocols.MongoDB;

/// <summary>Sessions that nobody uses now: the last that came back is the first that is taken. The hub's thread only.</summary>
/// <param name="now">The hub's time.</param>
/// <param name="timeout">How long servers keep one that nobody uses; null: nobody knows.</param>
/// <remarks>Source: the driver specifications' <c>driver-sessions</c>.</remarks>
internal sealed class ServerSessions(Func<TimeSpan> now, Func<TimeSpan?> timeout)
{
    // So many a server takes with one farewell.
    private const int MostEnded = 10_000;

    private static readonly TimeSpan Reserve = TimeSpan.FromMinutes(1);

    private readonly List<ServerSession> _idle = [];

    public int Count => _idle.Count;

    public ServerSession Take()
    {
        while (_idle.Count > 0)
        {
            var last = _idle[^1];
            _idle.RemoveAt(_idle.Count - 1);
            if (!IsOld(last))
            {
                return last;
            }
        }

        return new();
    }

    public void Return(ServerSession session)
    {
        var old = _idle.FindIndex(each => !IsOld(each));
        _idle.RemoveRange(0, old < 0 ? _idle.Count : old);
        if (!session.IsDirty && !IsOld(session))
        {
            _idle.Add(session);
        }
    }

    /// <summary>Those that a farewell names.</summary>
    public IEnumerable<BsonArray> TakeAll()
    {
        var all = _idle.ToArray();
        _idle.Clear();
        return all.Chunk(MostEnded).Select(static some => new BsonArray(some.Select(static each => each.Id.ToDocument())));
    }

    private bool IsOld(ServerSession session) => timeout() is not { } kept || now() - session.LastUse > kept - Reserve;
}
