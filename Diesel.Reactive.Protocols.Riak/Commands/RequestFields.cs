using Diesel.Reactive.Protocols.Riak.Messages;

namespace Diesel.Reactive.Protocols.Riak;

/// <summary>Sets what requests have in common. What is null is left out.</summary>
internal static class RequestFields
{
    public static T In<T>(this T message, RiakBucket bucket)
        where T : IInBucket, ITyped
    {
        message.Bucket = bucket.Name.ToByteString();
        return bucket.Type is { } type ? message.OfType(type) : message;
    }

    public static T In<T>(this T message, RiakBucket bucket, Bytes? key)
        where T : IInBucket, ITyped, IKeyed
    {
        if (key is { } named)
        {
            message.Key = named.ToByteString();
        }

        return message.In(bucket);
    }

    public static T OfType<T>(this T message, Bytes? type)
        where T : ITyped
    {
        if (type is { } given)
        {
            message.Type = given.ToByteString();
        }

        return message;
    }

    public static void SetReading(this IReading message, Quorum? r, Quorum? pr, bool? basicQuorum, bool? notFoundOk, int? nodeConfirms)
    {
        if (r is { } count)
        {
            message.R = count.Number;
        }

        if (pr is { } primaries)
        {
            message.Pr = primaries.Number;
        }

        if (basicQuorum is { } basic)
        {
            message.BasicQuorum = basic;
        }

        if (notFoundOk is { } ok)
        {
            message.NotfoundOk = ok;
        }

        if (nodeConfirms is { } confirms)
        {
            message.NodeConfirms = (uint)confirms;
        }
    }

    public static void SetWriting(this IWriting message, Quorum? w, Quorum? dw, Quorum? pw)
    {
        if (w is { } count)
        {
            message.W = count.Number;
        }

        if (dw is { } durable)
        {
            message.Dw = durable.Number;
        }

        if (pw is { } primaries)
        {
            message.Pw = primaries.Number;
        }
    }

    public static void SetWriting(this IConfirmed message, Quorum? w, Quorum? dw, Quorum? pw, int? nodeConfirms)
    {
        message.SetWriting(w, dw, pw);
        if (nodeConfirms is { } confirms)
        {
            message.NodeConfirms = (uint)confirms;
        }
    }

    public static void SetReplicas(this IReplicated message, bool? sloppyQuorum, int? nVal)
    {
        if (sloppyQuorum is { } sloppy)
        {
            message.SloppyQuorum = sloppy;
        }

        if (nVal is { } n)
        {
            message.NVal = (uint)n;
        }
    }
}
