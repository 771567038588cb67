using Diesel.Reactive.Protocols.Riak.Messages;

namespace Diesel.Reactive.Protocols.Riak;

/// <summary>What is asked of objects.</summary>
internal static class ObjectRequests
{
    private static readonly Func<RiakFrame, RiakObject> Read = ObjectReader.Read;
    private static readonly Action<Google.Protobuf.IMessage, uint> TellGet = static (message, time) => ((RpbGetReq)message).Timeout = time;

    public static RiakRequest<RiakObject> Get(RiakBucket bucket, Bytes key, GetOptions? options)
    {
        var message = new RpbGetReq { Bucket = bucket.Name.ToByteString(), Key = key.ToByteString() };
        if (bucket.Type is { } type)
        {
            message.Type = type.ToByteString();
        }

        if (options is not null)
        {
            Set(message, options);
        }

        return new()
        {
            Name = "Get", Bucket = bucket, Key = key, Code = RiakCode.GetRequest, Message = message, ReplyCode = RiakCode.GetReply, Read = Read,
            TellTime = TellGet, IsRepeatable = true,
        };
    }

    public static RiakRequest<RiakObject> Put(RiakBucket bucket, Bytes? key, RiakContent content, Bytes? vclock, bool returnBody, PutOptions? options)
    {
        var message = new RpbPutReq { Bucket = bucket.Name.ToByteString(), Content = ObjectMessages.Of(content) };
        if (bucket.Type is { } type)
        {
            message.Type = type.ToByteString();
        }

        if (key is { } named)
        {
            message.Key = named.ToByteString();
        }

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

        return new()
        {
            Name = "Put", About = new RiakPlace(bucket, key), Code = RiakCode.PutRequest, Message = message, ReplyCode = RiakCode.PutReply, Read = Read,
            TellTime = static (message, time) => ((RpbPutReq)message).Timeout = time, IsRepeatable = options?.IsRepeatable ?? (key is not null && vclock is not null),
        };
    }

    public static RiakRequest<Unit> Delete(RiakBucket bucket, Bytes key, Bytes? vclock, DeleteOptions? options)
    {
        var message = new RpbDelReq { Bucket = bucket.Name.ToByteString(), Key = key.ToByteString() };
        if (bucket.Type is { } type)
        {
            message.Type = type.ToByteString();
        }

        if (vclock is { } clock)
        {
            message.Vclock = clock.ToByteString();
        }

        if (options is not null)
        {
            Set(message, options);
        }

        return new()
        {
            Name = "Delete", About = new RiakPlace(bucket, key), Code = RiakCode.DeleteRequest, Message = message, ReplyCode = RiakCode.DeleteReply,
            Read = Nothing<RpbDelResp>, TellTime = static (message, time) => ((RpbDelReq)message).Timeout = time, IsRepeatable = options?.IsRepeatable ?? vclock is not null,
        };
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
        if (options.R is { } r)
        {
            message.R = r.Number;
        }

        if (options.PR is { } pr)
        {
            message.Pr = pr.Number;
        }

        if (options.BasicQuorum is { } basic)
        {
            message.BasicQuorum = basic;
        }

        if (options.NotFoundOk is { } ok)
        {
            message.NotfoundOk = ok;
        }

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

        if (options.SloppyQuorum is { } sloppy)
        {
            message.SloppyQuorum = sloppy;
        }

        if (options.NVal is { } n)
        {
            message.NVal = (uint)n;
        }

        if (options.NodeConfirms is { } confirms)
        {
            message.NodeConfirms = (uint)confirms;
        }
    }

    private static void Set(RpbPutReq message, PutOptions options)
    {
        if (options.W is { } w)
        {
            message.W = w.Number;
        }

        if (options.DW is { } dw)
        {
            message.Dw = dw.Number;
        }

        if (options.PW is { } pw)
        {
            message.Pw = pw.Number;
        }

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

        if (options.SloppyQuorum is { } sloppy)
        {
            message.SloppyQuorum = sloppy;
        }

        if (options.NVal is { } n)
        {
            message.NVal = (uint)n;
        }

        if (options.NodeConfirms is { } confirms)
        {
            message.NodeConfirms = (uint)confirms;
        }
    }

    private static void Set(RpbDelReq message, DeleteOptions options)
    {
        if (options.RW is { } rw)
        {
            message.Rw = rw.Number;
        }

        if (options.R is { } r)
        {
            message.R = r.Number;
        }

        if (options.W is { } w)
        {
            message.W = w.Number;
        }

        if (options.PR is { } pr)
        {
            message.Pr = pr.Number;
        }

        if (options.PW is { } pw)
        {
            message.Pw = pw.Number;
        }

        if (options.DW is { } dw)
        {
            message.Dw = dw.Number;
        }

        if (options.SloppyQuorum is { } sloppy)
        {
            message.SloppyQuorum = sloppy;
        }

        if (options.NVal is { } n)
        {
            message.NVal = (uint)n;
        }
    }
}

/// <summary>A key in its bucket, as errors show it.</summary>
internal sealed record RiakPlace(RiakBucket Bucket, Bytes? Key)
{
    public override string ToString() => $"{Bucket}/{Key}";
}
