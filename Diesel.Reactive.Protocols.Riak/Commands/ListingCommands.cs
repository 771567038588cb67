using Diesel.Reactive.Protocols.Riak.Messages;

namespace Diesel.Reactive.Protocols.Riak;

/// <summary>What goes through all a cluster has. Not for a moment when many wait.</summary>
/// <remarks>Streams are cold: each subscription asks anew. <c>ReadAllAsync</c>, <c>SelectAsync</c> and <c>ObserveOnBounded</c> hold them, and with them their connection: nothing
/// is read that nobody takes. Who unsubscribes before the end closes the connection. Errors: as of <see cref="RiakClient"/>; one in the middle of a stream closes its connection.</remarks>
public static class ListingCommands
{
    /// <summary>The keys of a bucket.</summary>
    /// <param name="riak">The cluster.</param>
    /// <param name="bucket">Where.</param>
    /// <returns>In no order; of a key that was just deleted it may be that it shows.</returns>
    public static IObservable<Bytes> ListKeys(this RiakClient riak, RiakBucket bucket)
    {
        ArgumentNullException.ThrowIfNull(riak);
        return riak.Stream(new RiakRequest<(IReadOnlyList<Bytes>, bool)>(
            RiakCode.ListKeysRequest,
            new RpbListKeysReq().In(bucket),
            static frame => RiakCodec.Parse<RpbListKeysResp>(frame) is var reply ? (reply.Keys.ToList(), reply.Done) : default));
    }

    /// <summary>The buckets that have keys.</summary>
    /// <param name="riak">The cluster.</param>
    /// <param name="type">Of which type; null: of the default one.</param>
    /// <returns>Their names, in no order.</returns>
    public static IObservable<Bytes> ListBuckets(this RiakClient riak, Bytes? type = null)
    {
        ArgumentNullException.ThrowIfNull(riak);
        return riak.Stream(new RiakRequest<(IReadOnlyList<Bytes>, bool)>(
            RiakCode.ListBucketsRequest,
            new RpbListBucketsReq { Stream = true }.OfType(type),
            static frame => RiakCodec.Parse<RpbListBucketsResp>(frame) is var reply ? (reply.Buckets.ToList(), reply.Done) : default));
    }

    /// <summary>Runs a job over objects.</summary>
    /// <param name="riak">The cluster.</param>
    /// <param name="job">Inputs and phases, as JSON, or a term of Erlang.</param>
    /// <param name="contentType">What it is written in: <c>application/json</c>, the default, or <c>application/x-erlang-binary</c>; results come in the same.</param>
    /// <returns>Results of the phases that keep theirs, as they come.</returns>
    /// <exception cref="ArgumentException"><paramref name="contentType"/> is empty.</exception>
    public static IObservable<PhaseResult> MapReduce(this RiakClient riak, Bytes job, string contentType = "application/json")
    {
        ArgumentNullException.ThrowIfNull(riak);
        ArgumentException.ThrowIfNullOrEmpty(contentType);
        return riak.Stream(new RiakRequest<(IReadOnlyList<PhaseResult>, bool)>(
            RiakCode.MapReduceRequest,
            new RpbMapRedReq { Request = job.ToByteString(), ContentType = contentType.ToByteString() },
            static frame => RiakCodec.Parse<RpbMapRedResp>(frame) is var reply
                ? (reply.HasResponse ? [new((int)reply.Phase, reply.Response.ToBytes())] : [], reply.Done)
                : default));
    }
}

/// <summary>What a phase of a job has found.</summary>
/// <param name="Phase">Which, from 0.</param>
/// <param name="Result">In the language of the job.</param>
public readonly record struct PhaseResult(int Phase, Bytes Result);
