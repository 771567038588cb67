using System.Reactive.Linq;
using Diesel.Reactive.Protocols.Riak.Messages;

namespace Diesel.Reactive.Protocols.Riak;

/// <summary>Finding objects by what they say of themselves, or by their keys.</summary>
/// <remarks>Streams as of <see cref="ListingCommands"/>.</remarks>
public static class IndexCommands
{
    /// <summary>Looks in an index.</summary>
    /// <param name="riak">The cluster.</param>
    /// <param name="bucket">Where.</param>
    /// <param name="query">What for.</param>
    /// <returns>Keys, in the order of the index where pages are asked for.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="query"/> is null.</exception>
    public static IObservable<IndexMatch> Index(this RiakClient riak, RiakBucket bucket, IndexQuery query)
    {
        ArgumentNullException.ThrowIfNull(riak);
        ArgumentNullException.ThrowIfNull(query);
        return query.PageSize is null
            ? Observable.Defer(() => riak.Stream(IndexStream(bucket, query)))
            : Pages.Of<Bytes?, IndexMatch>(null, from => riak.Ask(IndexPage(bucket, query, from)), riak.Hub);
    }

    /// <summary>Looks in an index, and has the objects besides. Not every backend can.</summary>
    /// <param name="riak">The cluster.</param>
    /// <param name="bucket">Where.</param>
    /// <param name="query">What for.</param>
    /// <returns>Objects, as <see cref="Index"/> finds them.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="query"/> is null.</exception>
    public static IObservable<KeyedObject> IndexObjects(this RiakClient riak, RiakBucket bucket, IndexQuery query)
    {
        ArgumentNullException.ThrowIfNull(riak);
        ArgumentNullException.ThrowIfNull(query);
        return Pages.Of<Bytes?, KeyedObject>(null, from => Collected(riak.Stream(ObjectsRequest(bucket, query, from))), riak.Hub);
    }

    /// <summary>Goes through the objects of a bucket in the order of their keys.</summary>
    /// <param name="riak">The cluster.</param>
    /// <param name="bucket">Where.</param>
    /// <param name="query">From where to where, and how many at a time.</param>
    /// <returns>Objects.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="query"/> is null.</exception>
    public static IObservable<KeyedObject> CSBucket(this RiakClient riak, RiakBucket bucket, FoldQuery query)
    {
        ArgumentNullException.ThrowIfNull(riak);
        ArgumentNullException.ThrowIfNull(query);
        return Pages.Of<Bytes?, KeyedObject>(null, from => Collected(riak.Stream(FoldRequest(bucket, query, from))), riak.Hub);
    }

    // A page of these is a stream of its own, which tells at its end where the next begins.
    private static IObservable<Page<Bytes?, KeyedObject>> Collected(IObservable<(IReadOnlyList<KeyedObject> Objects, Bytes? Next)> parts) =>
        parts.Aggregate(
            (Objects: new List<KeyedObject>(), Next: default(Bytes?)),
            static (all, part) =>
            {
                all.Objects.AddRange(part.Objects);
                return (all.Objects, part.Next ?? all.Next);
            }).Select(static all => new Page<Bytes?, KeyedObject>(all.Objects, all.Next, all.Next is null));

    private static RpbIndexReq Message(RiakBucket bucket, IndexQuery query, Bytes? from)
    {
        var message = new RpbIndexReq { Index = query.Index.ToByteString(), Qtype = query.Key is null ? IndexQueryType.Range : IndexQueryType.Eq }.In(bucket);
        Set(query.Key, bytes => message.Key = bytes);
        Set(query.Min, bytes => message.RangeMin = bytes);
        Set(query.Max, bytes => message.RangeMax = bytes);
        Set(from, bytes => message.Continuation = bytes);
        Set(query.CoverContext, bytes => message.CoverContext = bytes);
        Set(query.TermRegex is { } regex ? (Bytes)regex : default(Bytes?), bytes => message.TermRegex = bytes);
        if (query.ReturnTerms)
        {
            message.ReturnTerms = true;
        }

        if (query.IsSorted is { } sorted)
        {
            message.PaginationSort = sorted;
        }

        if (query.PageSize is { } size)
        {
            message.MaxResults = (uint)size;
        }

        return message;
    }

    private static RiakRequest<Page<Bytes?, IndexMatch>> IndexPage(RiakBucket bucket, IndexQuery query, Bytes? from) => new(
        RiakCode.IndexRequest,
        Message(bucket, query, from),
        frame => RiakCodec.Parse<RpbIndexResp>(frame) is var reply && reply.Continuation.If(reply.HasContinuation && reply.Continuation.Length > 0) is var next
            ? new(Matches(reply, query), next, next is null)
            : default)
    {
        IsRepeatable = true,
    };

    private static RiakRequest<(IReadOnlyList<IndexMatch>, bool)> IndexStream(RiakBucket bucket, IndexQuery query)
    {
        var message = Message(bucket, query, null);
        message.Stream = true;
        return new(RiakCode.IndexRequest, message, frame => RiakCodec.Parse<RpbIndexResp>(frame) is var reply ? (Matches(reply, query), reply.Done) : default);
    }

    private static RiakRequest<(IReadOnlyList<(IReadOnlyList<KeyedObject>, Bytes?)>, bool)> ObjectsRequest(RiakBucket bucket, IndexQuery query, Bytes? from)
    {
        var message = Message(bucket, query, from);
        (message.Stream, message.ReturnBody) = (true, true);
        return new(
            RiakCode.IndexRequest,
            message,
            static frame => RiakCodec.Parse<RpbIndexBodyResp>(frame) is var reply ? ([Part(reply.Objects, reply.Continuation.If(reply.HasContinuation))], reply.Done) : default)
        {
            ReplyCode = RiakCode.IndexBodyReply,
        };
    }

    private static RiakRequest<(IReadOnlyList<(IReadOnlyList<KeyedObject>, Bytes?)>, bool)> FoldRequest(RiakBucket bucket, FoldQuery query, Bytes? from)
    {
        var message = new RpbCSBucketReq { StartKey = query.Start.ToByteString(), MaxResults = (uint)query.PageSize }.In(bucket);
        Set(query.End, bytes => message.EndKey = bytes);
        Set(from, bytes => message.Continuation = bytes);
        Set(query.CoverContext, bytes => message.CoverContext = bytes);
        if (!query.IncludesStart)
        {
            message.StartIncl = false;
        }

        if (query.IncludesEnd)
        {
            message.EndIncl = true;
        }

        return new(
            RiakCode.CSBucketRequest,
            message,
            static frame => RiakCodec.Parse<RpbCSBucketResp>(frame) is var reply ? ([Part(reply.Objects, reply.Continuation.If(reply.HasContinuation))], reply.Done) : default);
    }

    private static (IReadOnlyList<KeyedObject>, Bytes?) Part(IEnumerable<RpbIndexObject> objects, Bytes? next) => (
        [.. objects.Select(static one => new KeyedObject(one.Key.ToBytes(), ObjectMessages.Of(one.Object)))], next is { IsEmpty: true } ? null : next);

    // Without their terms, results are keys; with them pairs of term and key. Of a value that was given, nothing but keys comes.
    private static IReadOnlyList<IndexMatch> Matches(RpbIndexResp reply, IndexQuery query) =>
    [
        .. reply.Keys.Select(key => new IndexMatch(key.ToBytes(), query.ReturnTerms ? query.Key : null)),
        .. reply.Results.Select(static pair => new IndexMatch(pair.Value.ToBytes(), pair.Key.ToBytes())),
    ];

    private static void Set(Bytes? bytes, Action<Google.Protobuf.ByteString> set)
    {
        if (bytes is { } value)
        {
            set(value.ToByteString());
        }
    }
}

/// <summary>From which key to which.</summary>
/// <param name="Start">Where it begins; empty: with the first.</param>
/// <param name="End">Where it ends; null: with the last.</param>
public sealed record FoldQuery(Bytes Start, Bytes? End = null)
{
    private readonly int _pageSize = 1000;

    /// <summary>Whether the first is among them; default true.</summary>
    public bool IncludesStart { get; init; } = true;

    /// <summary>Whether the last is among them; default false.</summary>
    public bool IncludesEnd { get; init; }

    /// <summary>How many are asked for at a time; default 1000.</summary>
    /// <exception cref="ArgumentOutOfRangeException">It is zero or less.</exception>
    public int PageSize { get => _pageSize; init => _pageSize = value > 0 ? value : throw new ArgumentOutOfRangeException(nameof(PageSize), value, "A page has one at least."); }

    /// <summary>A part of the cluster, as <c>Coverage</c> tells them; null: all.</summary>
    public Bytes? CoverContext { get; init; }
}
