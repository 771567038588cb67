using Diesel.Reactive.Protocols.Riak.Messages;

namespace Diesel.Reactive.Protocols.Riak;

/// <summary>What holds of buckets, and where keys are.</summary>
public static class BucketCommands
{
    /// <summary>What holds of a bucket.</summary>
    /// <param name="riak">The cluster.</param>
    /// <param name="bucket">Which.</param>
    /// <returns>All that the node tells.</returns>
    public static Awaitable<BucketProperties> GetBucket(this RiakClient riak, RiakBucket bucket)
    {
        ArgumentNullException.ThrowIfNull(riak);
        return riak.Ask(Reading(RiakCode.GetBucketRequest, new RpbGetBucketReq().In(bucket)));
    }

    /// <summary>Changes what holds of a bucket.</summary>
    /// <param name="riak">The cluster.</param>
    /// <param name="bucket">Which.</param>
    /// <param name="change">What changes; what is null stays as it is.</param>
    /// <returns>When it holds.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="change"/> is null.</exception>
    public static Awaitable<Unit> SetBucket(this RiakClient riak, RiakBucket bucket, BucketProperties change)
    {
        ArgumentNullException.ThrowIfNull(riak);
        ArgumentNullException.ThrowIfNull(change);
        return riak.Ask(Setting(RiakCode.SetBucketRequest, new RpbSetBucketReq { Props = PropertyMessages.Of(change) }.In(bucket)));
    }

    /// <summary>A bucket has again what its type has.</summary>
    /// <param name="riak">The cluster.</param>
    /// <param name="bucket">Which.</param>
    /// <returns>When it has.</returns>
    public static Awaitable<Unit> ResetBucket(this RiakClient riak, RiakBucket bucket)
    {
        ArgumentNullException.ThrowIfNull(riak);
        return riak.Ask(new RiakRequest<Unit>(RiakCode.ResetBucketRequest, new RpbResetBucketReq().In(bucket), ObjectRequests.Nothing<RpbResetBucketResp>) { IsRepeatable = true });
    }

    /// <summary>What holds of a type of buckets.</summary>
    /// <param name="riak">The cluster.</param>
    /// <param name="type">Which.</param>
    /// <returns>All that the node tells.</returns>
    public static Awaitable<BucketProperties> GetBucketType(this RiakClient riak, Bytes type)
    {
        ArgumentNullException.ThrowIfNull(riak);
        return riak.Ask(Reading(RiakCode.GetBucketTypeRequest, new RpbGetBucketTypeReq().OfType(type)));
    }

    /// <summary>Changes what holds of a type of buckets.</summary>
    /// <param name="riak">The cluster.</param>
    /// <param name="type">Which.</param>
    /// <param name="change">What changes; what is null stays as it is.</param>
    /// <returns>When it holds.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="change"/> is null.</exception>
    public static Awaitable<Unit> SetBucketType(this RiakClient riak, Bytes type, BucketProperties change)
    {
        ArgumentNullException.ThrowIfNull(riak);
        ArgumentNullException.ThrowIfNull(change);
        return riak.Ask(Setting(RiakCode.SetBucketTypeRequest, new RpbSetBucketTypeReq { Props = PropertyMessages.Of(change) }.OfType(type)));
    }

    /// <summary>Which nodes have a key.</summary>
    /// <param name="riak">The cluster.</param>
    /// <param name="bucket">Where.</param>
    /// <param name="key">Which.</param>
    /// <returns>In the order in which they are asked.</returns>
    public static Awaitable<IReadOnlyList<PreflistEntry>> Preflist(this RiakClient riak, RiakBucket bucket, Bytes key)
    {
        ArgumentNullException.ThrowIfNull(riak);
        return riak.Ask(new RiakRequest<IReadOnlyList<PreflistEntry>>(
            RiakCode.PreflistRequest,
            new RpbGetBucketKeyPreflistReq().In(bucket, key),
            static frame => [.. RiakCodec.Parse<RpbGetBucketKeyPreflistResp>(frame).Preflist.Select(static one => new PreflistEntry(one.Partition, one.Node.ToStringUtf8(), one.Primary))])
        {
            IsRepeatable = true,
        });
    }

    /// <summary>The parts of a cluster, each of which can be asked for what is its own.</summary>
    /// <param name="riak">The cluster.</param>
    /// <param name="bucket">Of which bucket.</param>
    /// <param name="minPartitions">How many parts at least; null: as the node likes.</param>
    /// <param name="replace">A part that is to be replaced, as its node does not answer; null: none.</param>
    /// <param name="unavailable">Other parts that do not answer.</param>
    /// <returns>The parts together cover the bucket.</returns>
    public static Awaitable<IReadOnlyList<CoverageEntry>> Coverage(
        this RiakClient riak, RiakBucket bucket, int? minPartitions = null, Bytes? replace = null, params IReadOnlyList<Bytes> unavailable)
    {
        ArgumentNullException.ThrowIfNull(riak);
        ArgumentNullException.ThrowIfNull(unavailable);
        var message = new RpbCoverageReq().In(bucket);
        message.UnavailableCover.AddRange(unavailable.Select(static one => one.ToByteString()));
        if (minPartitions is { } least)
        {
            message.MinPartitions = (uint)least;
        }

        if (replace is { } part)
        {
            message.ReplaceCover = part.ToByteString();
        }

        return riak.Ask(new RiakRequest<IReadOnlyList<CoverageEntry>>(
            RiakCode.CoverageRequest,
            message,
            static frame =>
            [
                .. RiakCodec.Parse<RpbCoverageResp>(frame).Entries.Select(static one =>
                    new CoverageEntry(one.Ip.ToStringUtf8(), (int)one.Port, one.HasKeyspaceDesc ? one.KeyspaceDesc.ToStringUtf8() : null, one.CoverContext.ToBytes())),
            ])
        {
            IsRepeatable = true,
        });
    }

    private static RiakRequest<BucketProperties> Reading(RiakCode code, Google.Protobuf.IMessage message) => new(
        code, message, static frame => PropertyMessages.Of(RiakCodec.Parse<RpbGetBucketResp>(frame).Props)) { ReplyCode = RiakCode.GetBucketReply, IsRepeatable = true };

    // The same twice is the same once.
    private static RiakRequest<Unit> Setting(RiakCode code, Google.Protobuf.IMessage message) => new(
        code, message, ObjectRequests.Nothing<RpbSetBucketResp>) { ReplyCode = RiakCode.SetBucketReply, IsRepeatable = true };
}

/// <summary>A node that has a key.</summary>
/// <param name="Partition">For which part of the ring.</param>
/// <param name="Node">Its name.</param>
/// <param name="IsPrimary">Whether it does not only stand in for another.</param>
public sealed record PreflistEntry(long Partition, string Node, bool IsPrimary);

/// <summary>A part of a cluster.</summary>
/// <param name="Host">The address of the node to ask.</param>
/// <param name="Port">Its port.</param>
/// <param name="Description">Which part it is; null: the node does not tell.</param>
/// <param name="Context">What names it in a query.</param>
public sealed record CoverageEntry(string Host, int Port, string? Description, Bytes Context);
