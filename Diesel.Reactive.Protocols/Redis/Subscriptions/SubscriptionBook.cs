using System.Collections.Immutable;
using System.Reactive.Concurrency;

namespace Diesel.Reactive.Protocols.Redis;

/// <summary>All subscriptions of a connection: who listens to what, and what the server knows of it. One at the server, however many listen. The hub's
/// thread only.</summary>
internal sealed class SubscriptionBook : IRedisListener, IDisposable
{
    // Commands under way: what is to be asked for beyond that is asked together.
    private const int MostUnderWay = 16;

    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(100);

    private readonly SubscriptionEntries _entries = new();
    private readonly HashSet<SubscribeCall> _underWay = [];
    private readonly Func<RedisErrorException, bool> _heed;
    private readonly RedisLink _given;
    private RedisLink _link;
    private SubscribeCall? _asking;
    private int _listening;

    /// <param name="link">The connection.</param>
    /// <param name="heed">Is told why the server said no; and tells whether it is to be asked again.</param>
    public SubscriptionBook(RedisLink link, Func<RedisErrorException, bool> heed)
    {
        (_given, _link, _heed) = (link, link, heed);
        link.Hub.Within(() => link.Pushes.Add(this));
    }

    public Hub Hub => _given.Hub;

    private DateTimeOffset Now => Hub.Now;

    // RESP2 takes nothing else on a connection with subscriptions.
    private bool IsElsewhere => _link.Version == RespVersion.Resp2 && _link.Use != RedisUse.Listening;

    /// <summary>Which connection it is about.</summary>
    public RedisLink Link => _given;

    /// <summary>Somebody listens from now on; to be followed by <see cref="Ask"/>.</summary>
    public SubscriptionEntry Join(SubscriptionListener listener, Bytes name)
    {
        var entry = _entries.FindOrAdd(this, listener.Kind, name);
        entry.Add(listener);
        _entries.Due(entry);
        Listen(1);
        return entry;
    }

    /// <summary>Somebody does not listen any more; to be followed by <see cref="Ask"/>.</summary>
    public void Leave(SubscriptionListener listener, SubscriptionEntry entry)
    {
        entry.Remove(listener);
        _entries.Due(entry);
        Listen(-1);
    }

    /// <summary>Chooses what a call is about, which is written now.</summary>
    /// <exception cref="OperationCanceledException">There is nothing left to ask for, or it is to be asked elsewhere.</exception>
    public void Begin(SubscribeCall call)
    {
        _asking = null;
        if (IsElsewhere)
        {
            throw new OperationCanceledException("RESP2 has a connection of its own for subscriptions.");
        }

        if (!_entries.TryTake(call))
        {
            throw new OperationCanceledException("There is nothing to ask for any more.");
        }
    }

    public void Confirmed(SubscribeCall call, SubscriptionEntry entry)
    {
        if (entry.Asked == call && call.Begins)
        {
            entry.IsAlone = false;
            entry.Open(Now);
        }
    }

    public void Over(SubscribeCall call)
    {
        _underWay.Remove(call);
        Ask();
    }

    /// <summary>The server said no, to one of these.</summary>
    public void Refused(SubscribeCall call, SubscriptionEntry[] entries, RedisErrorException no)
    {
        _underWay.Remove(call);
        foreach (var entry in entries.Where(entry => entry.Asked == call && call.Begins))
        {
            entry.Close(Now);
            if (entries.Length == 1)
            {
                Refused(entry, no);
            }
            else
            {
                entry.IsAlone = true;
                _entries.Due(entry);
            }
        }

        Ask();
    }

    public void Failed(SubscribeCall call, Exception error)
    {
        _underWay.Remove(call);
        if (error is OperationCanceledException)
        {
            if (IsElsewhere)
            {
                ListenElsewhere();
            }
        }
        else if (call.Entries.Length == 0)
        {
            _asking = null;
            Array.ForEach(_entries.AllDue, entry => End(entry, error));
        }
        else if (error is not ConnectionException)
        {
            // What was sent over a connection that was lost is asked for again on the next.
            Array.ForEach(call.Entries, entry => End(entry, error));
        }

        Ask();
    }

    public void Begun()
    {
    }

    public void Pushed(RespValue push)
    {
        // What is no message is nobody's.
        var items = push.Items;
        if (items.Length < 3 || items[1] is not { Kind: RespKind.BulkString } name)
        {
            return;
        }

        if (SubscriptionKind.OfMessage(items[0].Raw) is { } kind)
        {
            if (_entries.Find(kind, name.ToBytes()) is { } entry && MessageOf(entry, items) is { } message)
            {
                entry.Tell(message);
            }
        }
        else if (SubscriptionKind.Shard.Confirms(push, begins: false) && _entries.Find(SubscriptionKind.Shard, name.ToBytes()) is { } left)
        {
            // Its slot is served elsewhere from now on.
            left.Close(Now);
            _entries.Due(left);
            Ask();
        }
    }

    public void Lost()
    {
        var now = Now;
        foreach (var entry in _entries.All)
        {
            entry.Close(now);
            _entries.Due(entry);
        }

        Ask();
    }

    public void Dispose()
    {
        if (_link != _given)
        {
            _link.Dispose();
        }
    }

    // Behind the word and what was subscribed to: of a pattern, the channel; what was published.
    private static RedisMessage? MessageOf(SubscriptionEntry entry, ImmutableArray<RespValue> items) => (entry.Kind == SubscriptionKind.Pattern, items) switch
    {
        (false, [_, _, { Kind: RespKind.BulkString } payload]) => new RedisMessage(entry.Name, payload.ToBytes()),
        (true, [_, _, { Kind: RespKind.BulkString } channel, { Kind: RespKind.BulkString } payload]) => new RedisMessage(entry.NameOf(channel), payload.ToBytes(), entry.Name),
        _ => null,
    };

    private static void End(SubscriptionEntry entry, Exception error)
    {
        foreach (var listener in entry.Listeners)
        {
            listener.End(error);
        }
    }

    // Who listens is elsewhere by now, or asks here once more in a moment.
    private void Refused(SubscriptionEntry entry, RedisErrorException no)
    {
        if (!_heed(no))
        {
            End(entry, no);
        }
        else if (entry.IsWanted)
        {
            Hub.Schedule(Pause, () =>
            {
                _entries.Due(entry);
                Ask();
            });
        }
    }

    /// <summary>Asks the server about all that is due; what waits to be written is about that as well.</summary>
    public void Ask()
    {
        if (!_entries.IsAnyDue())
        {
            GiveUp();
        }

        while (_asking is null && _underWay.Count < MostUnderWay && _entries.IsAnyDue())
        {
            _underWay.Add(_asking = new SubscribeCall(this));
            _link.Send(_asking);
        }
    }

    // It would connect for nothing.
    private void GiveUp()
    {
        if (_asking is { } asking)
        {
            _asking = null;
            _underWay.Remove(asking);
            ((IDisposable)asking).Dispose();
        }
    }

    private void Listen(int more)
    {
        _listening += more;
        _link.Listening(more);
    }

    private void ListenElsewhere()
    {
        _given.Pushes.Remove(this);
        _given.Listening(-_listening);
        _link = (RedisLink)_given.Another(RedisUse.Listening);
        _link.Pushes.Add(this);
        _link.Listening(_listening);
    }
}
