using System.Globalization;
using Diesel.Reactive.Protocols.Riak.Messages;
using Google.Protobuf;

namespace Diesel.Reactive.Protocols.Riak.Testing;

/// <summary>Lists, indexes, properties.</summary>
internal sealed class QueryAnswers(ServiceState state)
{
    /// <summary>The frames of an answer, in order.</summary>
    public IEnumerable<(RiakCode Code, IMessage Message)> Answer(RiakCode code, IMessage message) => message switch
    {
        RpbListKeysReq list => Keys(list),
        RpbListBucketsReq list => Buckets(list),
        RpbIndexReq index => index.ReturnBody ? Objects(index) : Index(index),
        RpbCSBucketReq fold => Fold(fold),
        RpbGetBucketReq get => [(RiakCode.GetBucketReply, new RpbGetBucketResp { Props = state.Store.Bucket(get.Type, get.Bucket).Props })],
        RpbGetBucketTypeReq get => [(RiakCode.GetBucketReply, new RpbGetBucketResp { Props = state.Store.Type(get.Type) })],
        RpbSetBucketReq set => Done(RiakCode.SetBucketReply, new RpbSetBucketResp(), () => state.Store.Bucket(set.Type, set.Bucket).Own.MergeFrom(set.Props)),
        RpbSetBucketTypeReq set => Done(RiakCode.SetBucketReply, new RpbSetBucketResp(), () => state.Store.Type(set.Type).MergeFrom(set.Props)),
        RpbResetBucketReq reset => Done(RiakCode.ResetBucketReply, new RpbResetBucketResp(), () => state.Store.Bucket(reset.Type, reset.Bucket).Own = new()),
        RpbGetBucketKeyPreflistReq => [(RiakCode.PreflistReply, new RpbGetBucketKeyPreflistResp { Preflist = { Entry(0), Entry(1), Entry(2) } })],
        RpbCoverageReq => [(RiakCode.CoverageReply, new RpbCoverageResp { Entries = { new RpbCoverageEntry { Ip = "127.0.0.1".ToByteString(), Port = 8087, CoverContext = "all".ToByteString() } } })],
        _ => throw new RiakErrorException($"unknown_message_code: the server in memory knows no {code}."),
    };

    private static (RiakCode, IMessage)[] Done(RiakCode code, IMessage reply, Action what)
    {
        what();
        return [(code, reply)];
    }

    private static RpbBucketKeyPreflistItem Entry(long partition) => new() { Partition = partition, Node = "memory@127.0.0.1".ToByteString(), Primary = true };

    private IEnumerable<(RiakCode, IMessage)> Keys(RpbListKeysReq request)
    {
        var bucket = state.Store.Bucket(request.Type, request.Bucket);
        var keys = bucket.Keys.Where(static one => !one.Value.IsTombstone).Select(static one => one.Key).Concat(bucket.Types.Keys).Concat(bucket.Counters.Keys).ToArray();
        foreach (var part in keys.Chunk(state.Options.KeysPerFrame))
        {
            var reply = new RpbListKeysResp();
            reply.Keys.AddRange(part.Select(static key => key.ToByteString()));
            yield return (RiakCode.ListKeysReply, reply);
        }

        yield return (RiakCode.ListKeysReply, new RpbListKeysResp { Done = true });
    }

    private IEnumerable<(RiakCode, IMessage)> Buckets(RpbListBucketsReq request)
    {
        var reply = new RpbListBucketsResp();
        reply.Buckets.AddRange(state.Store.Names(request.Type).Select(static name => name.ToByteString()));
        yield return (RiakCode.ListBucketsReply, reply);
        if (request.Stream)
        {
            yield return (RiakCode.ListBucketsReply, new RpbListBucketsResp { Done = true });
        }
    }

    private IEnumerable<(RiakCode, IMessage)> Index(RpbIndexReq request)
    {
        var (page, next) = Page(Matches(request), request.HasContinuation ? request.Continuation : null, request.HasMaxResults ? (int)request.MaxResults : int.MaxValue);
        var reply = new RpbIndexResp();
        if (request.ReturnTerms && request.Qtype == IndexQueryType.Range)
        {
            reply.Results.AddRange(page.Select(static one => new RpbPair { Key = one.Term.ToByteString(), Value = one.Key.ToByteString() }));
        }
        else
        {
            reply.Keys.AddRange(page.Select(static one => one.Key.ToByteString()));
        }

        if (next is not null)
        {
            reply.Continuation = next;
        }

        yield return (RiakCode.IndexReply, reply);
        if (request.Stream)
        {
            yield return (RiakCode.IndexReply, new RpbIndexResp { Done = true });
        }
    }

    private IEnumerable<(RiakCode, IMessage)> Objects(RpbIndexReq request)
    {
        var (page, next) = Page(Matches(request), request.HasContinuation ? request.Continuation : null, request.HasMaxResults ? (int)request.MaxResults : int.MaxValue);
        var reply = new RpbIndexBodyResp();
        reply.Objects.AddRange(page.Select(static one => Object(one.Key, one.Stored)));
        if (next is not null)
        {
            reply.Continuation = next;
        }

        yield return (RiakCode.IndexBodyReply, reply);
        yield return (RiakCode.IndexBodyReply, new RpbIndexBodyResp { Done = true });
    }

    private IEnumerable<(RiakCode, IMessage)> Fold(RpbCSBucketReq request)
    {
        var (first, last) = (request.StartKey.ToBytes(), request.EndKey.If(request.HasEndKey));
        var all = state.Store.Bucket(request.Type, request.Bucket).Keys
            .Where(one => !one.Value.IsTombstone && (one.Key > first || (request.StartIncl && one.Key == first))
                && (last is not { } end || one.Key < end || (request.EndIncl && one.Key == end)))
            .Select(static one => (Term: one.Key, one.Key, Stored: one.Value));
        var (page, next) = Page(all, request.HasContinuation ? request.Continuation : null, request.HasMaxResults ? (int)request.MaxResults : int.MaxValue);
        var reply = new RpbCSBucketResp();
        reply.Objects.AddRange(page.Select(static one => Object(one.Key, one.Stored)));
        if (next is not null)
        {
            reply.Continuation = next;
        }

        yield return (RiakCode.CSBucketReply, reply);
        yield return (RiakCode.CSBucketReply, new RpbCSBucketResp { Done = true });
    }

    private static RpbIndexObject Object(Bytes key, StoredKey stored)
    {
        var found = new RpbIndexObject { Key = key.ToByteString(), Object = new() { Vclock = stored.VClock } };
        found.Object.Content.AddRange(stored.Contents.Select(static one => one.Content));
        return found;
    }

    // A continuation is how many were told before.
    private static ((Bytes Term, Bytes Key, StoredKey Stored)[] Page, ByteString? Next) Page(IEnumerable<(Bytes Term, Bytes Key, StoredKey Stored)> all, ByteString? from, int most)
    {
        var skipped = from is null ? 0 : int.Parse(from.Span, NumberStyles.None, CultureInfo.InvariantCulture);
        var rest = all.Skip(skipped).Take(most == int.MaxValue ? most : most + 1).ToArray();
        return rest.Length > most ? (rest[..most], ByteString.CopyFromUtf8((skipped + most).ToString(CultureInfo.InvariantCulture))) : (rest, null);
    }

    private IEnumerable<(Bytes Term, Bytes Key, StoredKey Stored)> Matches(RpbIndexReq request)
    {
        var index = request.Index.ToBytes();
        var isNumber = index.Span.EndsWith("_int"u8);
        var (least, most) = request.Qtype == IndexQueryType.Eq ? (request.Key.ToBytes(), request.Key.ToBytes()) : (request.RangeMin.ToBytes(), request.RangeMax.ToBytes());
        var terms = state.Store.Bucket(request.Type, request.Bucket).Keys.Where(static one => !one.Value.IsTombstone)
            .SelectMany(one => Terms(index, one.Key, one.Value).Distinct().Select(term => (Term: term, one.Key, Stored: one.Value)));
        return index == "$bucket" ? terms
            : isNumber ? terms.Where(one => one.Term.ToInt64() >= least.ToInt64() && one.Term.ToInt64() <= most.ToInt64()).OrderBy(static one => one.Term.ToInt64()).ThenBy(static one => one.Key)
            : terms.Where(one => one.Term .CompareTo(least) >= 0 && one.Term.CompareTo(most) <= 0).OrderBy(static one => one.Term).ThenBy(static one => one.Key);
    }

    private static IEnumerable<Bytes> Terms(Bytes index, Bytes key, StoredKey stored) => index == "$key" || index == "$bucket"
        ? [key]
        : stored.Contents.SelectMany(static one => one.Content.Indexes).Where(pair => pair.Key.ToBytes() == index).Select(static pair => pair.Value.ToBytes());
}
