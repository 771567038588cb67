using Diesel.Reactive.Protocols.Riak.Messages;

namespace Diesel.Reactive.Protocols.Riak;

/// <summary>Values that merge by themselves.</summary>
public static class DataTypeCommands
{
    /// <summary>Reads a data type.</summary>
    /// <param name="riak">The cluster.</param>
    /// <param name="bucket">Where: of a type that keeps such.</param>
    /// <param name="key">Which.</param>
    /// <param name="options">How; null: as the bucket has it.</param>
    /// <returns>What is there, if anything is, and what is needed to remove parts of it.</returns>
    /// <exception cref="ArgumentException">The bucket has no type.</exception>
    public static Awaitable<DataTypeReply> Fetch(this RiakClient riak, RiakBucket bucket, Bytes key, FetchOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(riak);
        options ??= FetchOptions.Default;
        var message = new DtFetchReq().In(Typed(bucket), key);
        message.SetReading(options.R, options.PR, options.BasicQuorum, options.NotFoundOk, options.NodeConfirms);
        message.SetReplicas(options.SloppyQuorum, options.NVal);
        if (options.IncludeContext is { } context)
        {
            message.IncludeContext = context;
        }

        return riak.Ask(new RiakRequest<DataTypeReply>(RiakCode.FetchRequest, message, static frame => DataTypeMessages.Of(RiakCodec.Parse<DtFetchResp>(frame))) { IsRepeatable = true });
    }

    /// <summary>Changes a data type, which is made if it is not there.</summary>
    /// <param name="riak">The cluster.</param>
    /// <param name="bucket">Where: of a type that keeps such.</param>
    /// <param name="key">Which; null: the server chooses one, and tells it.</param>
    /// <param name="update">How.</param>
    /// <param name="context">Of a <see cref="Fetch"/>: what was seen. Needed where something is removed, or a flag unset.</param>
    /// <param name="options">How; null: as the bucket has it.</param>
    /// <returns>What is there afterwards, if that was asked for (<see cref="UpdateOptions.ReturnBody"/>). Of a call that was lost nobody knows whether it counted: it is not
    /// repeated.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="update"/> is null.</exception>
    /// <exception cref="ArgumentException">The bucket has no type; something is removed without a context; maps are more than 16 deep. Nothing is sent.</exception>
    public static Awaitable<DataTypeReply> Update(
        this RiakClient riak, RiakBucket bucket, Bytes? key, DataTypeUpdate update, Bytes? context = null, UpdateOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(riak);
        ArgumentNullException.ThrowIfNull(update);
        Check(update, context);
        options ??= UpdateOptions.Default;
        var message = new DtUpdateReq { Op = DataTypeMessages.Of(update) }.In(Typed(bucket), key);
        if (context is { } seen)
        {
            message.Context = seen.ToByteString();
        }

        Set(message, options);
        var returns = options.ReturnBody == true;
        return riak.Ask(new RiakRequest<DataTypeReply>(
            RiakCode.UpdateRequest,
            message,
            frame => RiakCodec.Parse<DtUpdateResp>(frame) is var reply && returns
                ? DataTypeMessages.Of(reply, update)
                : new(null, reply.Context.If(reply.HasContext), reply.Key.If(reply.HasKey)))
        {
            IsRepeatable = options.IsRepeatable,
        });
    }

    /// <summary>Counts, in a bucket without a type: as it was done before there were data types. The bucket keeps siblings (<c>allow_mult</c>).</summary>
    /// <param name="riak">The cluster.</param>
    /// <param name="bucket">Where; its type is not looked at.</param>
    /// <param name="key">Which.</param>
    /// <param name="amount">By how much, up or down.</param>
    /// <param name="returnValue">Whether the reply has the sum.</param>
    /// <param name="options">How; null: as the bucket has it.</param>
    /// <returns>The sum; null: it was not asked for.</returns>
    public static Awaitable<long?> CounterUpdate(this RiakClient riak, Bytes bucket, Bytes key, long amount, bool returnValue = false, PutOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(riak);
        var message = new RpbCounterUpdateReq { Bucket = bucket.ToByteString(), Key = key.ToByteString(), Amount = amount };
        message.SetWriting(options?.W, options?.DW, options?.PW, options?.NodeConfirms);
        if (returnValue)
        {
            message.Returnvalue = true;
        }

        return riak.Ask(new RiakRequest<long?>(
            RiakCode.CounterUpdateRequest, message, static frame => RiakCodec.Parse<RpbCounterUpdateResp>(frame) is { HasValue: true } reply ? reply.Value : null)
        {
            IsRepeatable = options?.IsRepeatable == true,
        });
    }

    /// <summary>Reads what <see cref="CounterUpdate"/> has counted.</summary>
    /// <param name="riak">The cluster.</param>
    /// <param name="bucket">Where.</param>
    /// <param name="key">Which.</param>
    /// <param name="options">How; null: as the bucket has it.</param>
    /// <returns>The sum; null: nothing is there.</returns>
    public static Awaitable<long?> CounterGet(this RiakClient riak, Bytes bucket, Bytes key, GetOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(riak);
        var message = new RpbCounterGetReq { Bucket = bucket.ToByteString(), Key = key.ToByteString() };
        message.SetReading(options?.R, options?.PR, options?.BasicQuorum, options?.NotFoundOk, options?.NodeConfirms);
        return riak.Ask(new RiakRequest<long?>(
            RiakCode.CounterGetRequest, message, static frame => RiakCodec.Parse<RpbCounterGetResp>(frame) is { HasValue: true } reply ? reply.Value : null)
        {
            IsRepeatable = true,
        });
    }

    private static RiakBucket Typed(RiakBucket bucket) => bucket.Type is not null ? bucket : throw new ArgumentException(
        $"Data types are in buckets of a type, which says which: (\"sets\", \"{bucket}\").", nameof(bucket));

    private static void Check(DataTypeUpdate update, Bytes? context)
    {
        if (update.Removes && context is null)
        {
            throw new ArgumentException("What is removed, or unset, has to be seen before: fetch it, and hand over the context of that.", nameof(context));
        }

        if (update.Depth > DataTypeMessages.MaxDepth)
        {
            throw new ArgumentException($"Maps are within each other {DataTypeMessages.MaxDepth} deep at most, and these are {update.Depth}.", nameof(update));
        }
    }

    private static void Set(DtUpdateReq message, UpdateOptions options)
    {
        message.SetWriting(options.W, options.DW, options.PW, options.NodeConfirms);
        message.SetReplicas(options.SloppyQuorum, options.NVal);
        if (options.ReturnBody is { } body)
        {
            message.ReturnBody = body;
        }

        if (options.IncludeContext is { } context)
        {
            message.IncludeContext = context;
        }
    }
}
