using System.Reactive.Linq;

namespace Diesel.Reactive.Protocols.Redis;

/// <summary>Gives every item to every inbox of several programs, in order. Made by <see cref="RedisCoordination.Fanout"/>.</summary>
/// <typeparam name="T">The items' type.</typeparam>
/// <remarks>
/// <para>The server keeps items up to a bound, and each inbox knows what it has read: one that was without a connection goes on where it was. One that falls further
/// behind than the bound is told how many it missed (<see cref="FanoutGapException"/>), never silently short.</para>
/// <para>However many inboxes are open here, an item is read once. It is forgotten when nobody used it for <see cref="RedisCoordinationOptions.KeepFor"/>.</para>
/// </remarks>
public sealed class RedisFanout<T> : IDisposable
{
    private const int MaxRead = 1000;

    private readonly SharedObject _of;
    private readonly Outbox _outbox;
    private readonly ObjectChannel _channel;
    private readonly IValueCodec<T> _codec;
    private readonly Dictionary<RedisInbox<T>, IDisposable> _inboxes = [];
    private readonly Bytes _age;
    private FanoutPosition? _tip;
    private bool _isReading;
    private bool _isMore;

    internal RedisFanout(RedisCoordination owner, string name, RedisFanoutOptions options, IValueCodec<T> codec)
    {
        (Options, _codec, _of) = (options, codec, new SharedObject(owner, "fanout", name));
        _age = options.MaxAge == Timeout.InfiniteTimeSpan ? "0" : Reply.Milliseconds(options.MaxAge);
        _outbox = new Outbox(_of, new Steps(_of, "publish", _of.KeepFor, options.MaxLength, _age));
        _channel = _of.Channel(_ => More(), More, Fail);
    }

    /// <summary>What it keeps.</summary>
    public RedisFanoutOptions Options { get; }

    internal Hub Hub => _of.Hub;

    /// <summary>Gives an item to all inboxes. Any thread.</summary>
    /// <param name="item">The same for all.</param>
    /// <exception cref="InvalidOperationException">Something published before has failed.</exception>
    /// <remarks>Sent in order, and repeated while its fate is not known; what fails in the end is in <see cref="RedisCoordination.Errors"/>.</remarks>
    public void Publish(T item)
    {
        _of.ThrowIfFailed();
        _outbox.Post([_codec.Encode(item)]);
    }

    /// <summary>Gives an item to all inboxes, and tells when the server has it.</summary>
    /// <param name="item">The same for all.</param>
    /// <returns>The place behind it. Cold.</returns>
    /// <remarks>Errors: as those of a command.</remarks>
    public Awaitable<FanoutPosition> PublishAsync(T item) => _outbox.Ask([_codec.Encode(item)], static reply => FanoutPosition.Parse(reply.ToText()));

    /// <summary>Opens an inbox.</summary>
    /// <param name="from">Behind which place its items begin; null: now, as the server sees it when <see cref="RedisInbox{T}.Opened"/> is told.</param>
    /// <returns>An empty inbox; dispose it to leave. Any thread.</returns>
    public RedisInbox<T> Open(FanoutPosition? from = null)
    {
        var inbox = new RedisInbox<T>(this, from);
        _of.Hub.Within(() => Enter(inbox));
        return inbox;
    }

    /// <summary>Ends all inboxes here; items stay at the server.</summary>
    public void Dispose() => _of.End(() =>
    {
        _channel.Dispose();
        Fail(_of.Ended());
    });

    /// <summary>Which, as errors show it.</summary>
    public override string ToString() => _of.ToString();

    /// <summary>The place behind the last item.</summary>
    internal IObservable<FanoutPosition> Last() => _of.Call("open", _of.KeepFor).Select(static reply => FanoutPosition.Parse(reply.ToText()));

    /// <summary>Reads items behind a place.</summary>
    /// <returns>The items; whether there may be more.</returns>
    internal async Task<(List<(FanoutPosition Place, Bytes Value)> Items, bool IsMore)> Read(StreamId after)
    {
        var reply = (await _of.Call("read", _of.KeepFor, _age, after, MaxRead).ToAwaitable()).ToItems().ToArray();
        var items = new List<(FanoutPosition, Bytes)>();
        for (var i = 0; i + 2 < reply.Length; i += 3)
        {
            items.Add((new FanoutPosition(reply[i].ToInt64(), StreamId.Parse(reply[i + 1].ToText())), reply[i + 2].ToBytes()));
        }

        return (items, items.Count == MaxRead);
    }

    /// <summary>Whether an inbox that has read so far has all that was read for all here; the first says where that begins.</summary>
    internal bool HasRead(FanoutPosition place)
    {
        if (_tip is null)
        {
            _tip = place;
            More();
        }

        return !_tip.Value.IsBehind(place);
    }

    internal T Decode(Bytes value) => _codec.Read(value);

    internal void Leave(RedisInbox<T> inbox)
    {
        if (_inboxes.Remove(inbox, out var listening))
        {
            listening.Dispose();
            _tip = _inboxes.Count > 0 ? _tip : null;
        }
    }

    private void Enter(RedisInbox<T> inbox)
    {
        if (_of.IsDisposed)
        {
            inbox.End(_of.Ended());
            return;
        }

        _inboxes.Add(inbox, _channel.Use());
        inbox.Begin();
    }

    private void Fail(Exception error)
    {
        foreach (var inbox in _inboxes.Keys.ToArray())
        {
            inbox.End(error);
        }
    }

    private void More()
    {
        _isMore = true;
        if (!_isReading && !_of.IsDisposed)
        {
            _isReading = true;
            _of.Hub.Fork(ReadOn, $"reading {_of}");
        }
    }

    // Once for all inboxes that are up to date; the others read for themselves until they are.
    private async Task ReadOn()
    {
        try
        {
            while (_isMore && _tip is { } tip)
            {
                _isMore = false;
                var (items, isMore) = await Read(tip.Id);
                if (_tip != tip)
                {
                    // All have left meanwhile; who has come since begins elsewhere.
                    continue;
                }

                _isMore |= isMore;
                _tip = items.Count > 0 ? items[^1].Place : tip;
                foreach (var inbox in _inboxes.Keys.ToArray())
                {
                    inbox.Pass(items);
                }
            }
        }
        catch (Exception failure) when (failure is not OperationCanceledException)
        {
            // Whoever waits is told; the next message, or a new connection, reads on.
            Fail(failure);
        }
        finally
        {
            _isReading = false;
        }
    }
}
