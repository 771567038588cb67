using Diesel.Reactive.Protocols.Riak.Messages;

namespace Diesel.Reactive.Protocols.Riak;

/// <summary>What is asked of objects.</summary>
internal static class ObjectRequests
{
    private static readonly Func<RiakFrame, RiakObject> Read = ObjectReader.Read;

    public static RiakRequest<RiakObject> Get(RiakBucket bucket, Bytes key, GetOptions? options)
    {
        var message = new RpbGetReq().In(bucket, key);
        if (options is not null)
        {
            Set(message, options);
        }

        return new(RiakCode.GetRequest, message, Read) { IsRepeatable = true };
    }

    public static RiakRequest<RiakObject> Put(RiakBucket bucket, Bytes? key, RiakContent content, Bytes? vclock, bool returnBody, PutOptions? options)
    {
        var message = new RpbPutReq { Content = ObjectMessages.Of(content) }.In(bucket, key);
        if (vclock is { } clock)
        {
            message.Vclock = clock.ToByteString();
        }

        if (returnBody)
        {
            message.ReturnBody = true;
        }

        if (options is not null)
        {
            Set(message, options);
        }

        return new(RiakCode.PutRequest, message, Read) { IsRepeatable = options?.IsRepeatable ?? (key is not null && vclock is not null) };
    }

    public static RiakRequest<Unit> Delete(RiakBucket bucket, Bytes key, Bytes? vclock, DeleteOptions? options)
    {
        var message = new RpbDelReq().In(bucket, key);
        if (vclock is { } clock)
        {
            message.Vclock = clock.ToByteString();
        }

        if (options is not null)
        {
            Set(message, options);
        }

        return new(RiakCode.DeleteRequest, message, Nothing<RpbDelResp>) { IsRepeatable = options?.IsRepeatable ?? vclock is not null };
    }

    /// <summary>Of a reply that says only that it is one.</summary>
    public static Unit Nothing<T>(RiakFrame frame)
        where T : class, Google.Protobuf.IMessage<T>, new()
    {
        RiakCodec.Parse<T>(frame);
        return Unit.Default;
    }

    private static void Set(RpbGetReq message, GetOptions options)
    {
        message.SetReading(options.R, options.PR, options.BasicQuorum, options.NotFoundOk, options.NodeConfirms);
        message.SetReplicas(options.SloppyQuorum, options.NVal);
        if (options.IfModified is { } clock)
        {
            message.IfModified = clock.ToByteString();
        }

        if (options.Head is { } head)
        {
            message.Head = head;
        }

        if (options.DeletedVClock is { } deleted)
        {
            message.Deletedvclock = deleted;
        }
    }

    private static void Set(RpbPutReq message, PutOptions options)
    {
        message.SetWriting(options.W, options.DW, options.PW, options.NodeConfirms);
        message.SetReplicas(options.SloppyQuorum, options.NVal);
        if (options.IfNotModified is { } notModified)
        {
            message.IfNotModified = notModified;
        }

        if (options.IfNoneMatch is { } noneMatch)
        {
            message.IfNoneMatch = noneMatch;
        }

        if (options.ReturnHead is { } head)
        {
            message.ReturnHead = head;
        }

        if (options.AsIs is { } asIs)
        {
            message.Asis = asIs;
        }
    }

    private static void Set(RpbDelReq message, DeleteOptions options)
    {
        message.SetWriting(options.W, options.DW, options.PW);
        message.SetReplicas(options.SloppyQuorum, options.NVal);
        if (options.RW is { } rw)
        {
            message.Rw = rw.Number;
        }

        if (options.R is { } r)
        {
            message.R = r.Number;
        }

        if (options.PR is { } pr)
        {
            message.Pr = pr.Number;
        }
    }
}
