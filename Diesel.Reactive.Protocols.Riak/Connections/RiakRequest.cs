using Google.Protobuf;

namespace Diesel.Reactive.Protocols.Riak;

/// <summary>What is asked, and what the reply means.</summary>
/// <typeparam name="T">What the caller gets of a reply.</typeparam>
internal sealed class RiakRequest<T>
{
    /// <summary>Its name: <c>Get</c>.</summary>
    public required string Name { get; init; }

    /// <summary>What it is about, as errors show it; null: nothing.</summary>
    public object? About { get; init; }

    /// <summary>In which bucket, of what has no <see cref="About"/>.</summary>
    public RiakBucket? Bucket { get; init; }

    /// <summary>Which key, of what has no <see cref="About"/>.</summary>
    public Bytes? Key { get; init; }

    public required RiakCode Code { get; init; }

    public required IMessage Message { get; init; }

    /// <summary>What answers it, but for an error.</summary>
    public required RiakCode ReplyCode { get; init; }

    public required Func<RiakFrame, T> Read { get; init; }

    /// <summary>Takes how many milliseconds the node has; null: it is not told.</summary>
    public Action<IMessage, uint>? TellTime { get; init; }

    /// <summary>Whether it may be sent again when nobody knows whether it was carried out.</summary>
    public bool IsRepeatable { get; init; }

    public override string ToString() => About is not null ? $"{Name} of {About}" : Bucket is not null ? $"{Name} of {Bucket}/{Key}" : Name;
}

/// <summary>How a call came out on a connection that it leaves unharmed: with a value, or with the server's "no".</summary>
internal readonly record struct Outcome<T>(T Value, RiakErrorException? Error);

/// <summary>Error replies.</summary>
internal static class RiakErrors
{
    /// <exception cref="ProtocolException">It is none.</exception>
    public static RiakErrorException Of(RiakFrame frame)
    {
        var error = RiakCodec.Parse<Messages.RpbErrorResp>(frame);
        return new(error.Errmsg.ToStringUtf8(), error.Errcode);
    }
}
