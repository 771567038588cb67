using Diesel.Reactive.Protocols.Riak.Messages;

namespace Diesel.Reactive.Protocols.Riak;

/// <summary>A cluster of Riak: one method for each message. Siblings are never hidden; <see cref="Bucket{T}"/> resolves them.</summary>
/// <remarks>
/// <para>It connects when the first call needs it. A connection has one call at a time, as replies have no number; one whose call was given up or timed out is closed, and never
/// used again: its late reply would be the next caller's value. Of several nodes the one that has the least to do is asked; one that fails rests for a while.</para>
/// <para>Reading is tried again at another node, writing only when that does no harm (a put with a vclock; what is marked) or when nothing was sent.</para>
/// <para>Members may be called from any thread, and what they return is cold: each <c>await</c> asks. Errors: <see cref="RiakErrorException"/> (the node's "no"),
/// <see cref="ConnectionException"/>, <see cref="TimeoutException"/>, <see cref="ProtocolException"/>; after several attempts <see cref="RiakAttemptsException"/>. Idea: diesel's
/// <c>RiakClient</c>.</para>
/// </remarks>
public sealed class RiakClient : IDisposable
{
    private readonly RiakNodes _nodes;
    private readonly RiakCallOptions _options;
    private readonly bool _isShared;

    /// <summary>Prepares a client; nothing is dialled yet.</summary>
    /// <param name="connectionString">See <see cref="RiakConnectionString"/>.</param>
    /// <param name="options">What the string does not say; null for the defaults.</param>
    /// <param name="hub">Where it runs; null for the current hub, or the default one.</param>
    /// <exception cref="ArgumentException">The string is none.</exception>
    public RiakClient(string connectionString = "riak://localhost", RiakOptions? options = null, Hub? hub = null)
        : this(RiakConnectionString.Parse(connectionString, options), hub)
    {
    }

    /// <summary>Prepares a client; nothing is dialled yet.</summary>
    /// <param name="connectionString">Where to connect to, and as whom.</param>
    /// <param name="hub">Where it runs; null for the current hub, or the default one.</param>
    /// <exception cref="ArgumentNullException"><paramref name="connectionString"/> is null.</exception>
    public RiakClient(RiakConnectionString connectionString, Hub? hub = null)
    {
        ArgumentNullException.ThrowIfNull(connectionString);
        var on = hub ?? Hub.Current ?? Hub.Default;
        _nodes = new(connectionString, new(on), on);
        _options = RiakCallOptions.Of(connectionString.Options);
    }

    private RiakClient(RiakClient other, RiakCallOptions options) => (_nodes, _options, _isShared) = (other._nodes, options, true);

    /// <summary>Where it runs.</summary>
    public Hub Hub => _nodes.Hub;

    /// <summary>What happens to its connections and nodes, for a log; never ends, never fails.</summary>
    public IObservable<ClientEvent> Events => _nodes.Events;

    /// <summary>The numbers of the connections to each node now, in the order the nodes were given.</summary>
    public IReadOnlyList<PoolCounts> Counts => [.. _nodes.All.Select(static node => node.Pool.Counts)];

    /// <summary>The same connections with other options for the calls.</summary>
    /// <param name="change">Changes them.</param>
    /// <returns>A client whose disposal leaves the connections open.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="change"/> is null.</exception>
    public RiakClient With(Func<RiakCallOptions, RiakCallOptions> change)
    {
        ArgumentNullException.ThrowIfNull(change);
        return new(this, change(_options));
    }

    /// <summary>Reads an object.</summary>
    /// <param name="bucket">Where.</param>
    /// <param name="key">Which.</param>
    /// <param name="options">How; null: as the bucket has it.</param>
    /// <returns>All there is: nothing, a content, siblings, or what is left of one that was deleted.</returns>
    public Awaitable<RiakObject> Get(RiakBucket bucket, Bytes key, GetOptions? options = null) => Ask(ObjectRequests.Get(bucket, key, options));

    /// <summary>Stores an object.</summary>
    /// <param name="bucket">Where.</param>
    /// <param name="key">Under which key; null: the server chooses one, and tells it.</param>
    /// <param name="content">What.</param>
    /// <param name="vclock">What was read before, which is overwritten; null: nothing was, and what is there may become a sibling.</param>
    /// <param name="returnBody">Whether the reply has what is there afterwards: siblings show.</param>
    /// <param name="options">How; null: as the bucket has it.</param>
    /// <returns>What was asked for; without <paramref name="returnBody"/> and a key of the server's nothing.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="content"/> is null.</exception>
    public Awaitable<RiakObject> Put(RiakBucket bucket, Bytes? key, RiakContent content, Bytes? vclock = null, bool returnBody = false, PutOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(content);
        return Ask(ObjectRequests.Put(bucket, key, content, vclock, returnBody, options));
    }

    /// <summary>Deletes an object; what is not there is deleted, too.</summary>
    /// <param name="bucket">Where.</param>
    /// <param name="key">Which.</param>
    /// <param name="vclock">What was read before; null: whatever is there.</param>
    /// <param name="options">How; null: as the bucket has it.</param>
    /// <returns>When it is done.</returns>
    public Awaitable<Unit> Delete(RiakBucket bucket, Bytes key, Bytes? vclock = null, DeleteOptions? options = null) => Ask(ObjectRequests.Delete(bucket, key, vclock, options));

    /// <summary>Asks whether a node is there.</summary>
    /// <returns>When it has answered.</returns>
    public Awaitable<Unit> Ping() => Ask(new RiakRequest<Unit>(RiakCode.PingRequest, new RpbPingReq(), ObjectRequests.Nothing<RpbPingResp>) { IsRepeatable = true });

    /// <summary>Asks a node who it is.</summary>
    /// <returns>Name and version, as far as it tells them.</returns>
    public Awaitable<ServerInfo> ServerInfo() => Ask(new RiakRequest<ServerInfo>(
        RiakCode.ServerInfoRequest,
        new RpbGetServerInfoReq(),
        static frame => RiakCodec.Parse<RpbGetServerInfoResp>(frame) is var info
            ? new(info.HasNode ? info.Node.ToStringUtf8() : null, info.HasServerVersion ? info.ServerVersion.ToStringUtf8() : null)
            : null!)
    {
        IsRepeatable = true,
    });

    /// <summary>Asks what a connection is called.</summary>
    /// <returns>Four bytes as a rule.</returns>
    public Awaitable<Bytes> GetClientId() => Ask(new RiakRequest<Bytes>(
        RiakCode.GetClientIdRequest, new RpbGetClientIdReq(), static frame => RiakCodec.Parse<RpbGetClientIdResp>(frame).ClientId.ToBytes()) { IsRepeatable = true });

    /// <summary>From now on connections are called so: those that are called otherwise are not used again.</summary>
    /// <param name="id">Four bytes as a rule.</param>
    /// <returns>When a connection is.</returns>
    public Awaitable<Unit> SetClientId(Bytes id) => System.Reactive.Linq.Observable.Defer(() =>
    {
        _nodes.ClientId = id;
        return Ping();
    }).ToAwaitable("SetClientId");

    /// <summary>Closes the connections, when what is in flight was answered. Calls that wait get an <see cref="ObjectDisposedException"/>.</summary>
    public void Dispose()
    {
        if (!_isShared)
        {
            _nodes.Hub.Post(static nodes => ((RiakNodes)nodes!).Dispose(), _nodes);
        }
    }

    internal Awaitable<T> Ask<T>(RiakRequest<T> request) => new RiakOperation<T>(_nodes, request, _options);

    internal IObservable<T> Stream<T>(RiakRequest<(IReadOnlyList<T> Items, bool IsLast)> request) => new RiakStream<T>(_nodes, request, _options);
}

/// <summary>Who a node is.</summary>
/// <param name="Node">Its name: <c>riak@127.0.0.1</c>. Null: it does not tell.</param>
/// <param name="Version">Its version. Null: it does not tell.</param>
public sealed record ServerInfo(string? Node, string? Version);
