using Diesel.Reactive.Protocols.Riak.Messages;
using Google.Protobuf;

namespace Diesel.Reactive.Protocols.Riak;

/// <summary>What is asked. Where it goes, and how long it may take, is said by its message.</summary>
/// <param name="code">What it is; its name is that of the code: <c>Get</c>.</param>
/// <param name="message">All of it, but for the time, which is set when it is written.</param>
internal abstract class RiakRequest(RiakCode code, IMessage message)
{
    public RiakCode Code => code;

    public IMessage Message => message;

    /// <summary>What answers it, but for an error; as a rule the next code.</summary>
    public RiakCode ReplyCode { get; init; } = code + 1;

    /// <summary>Whether it may be sent again when nobody knows whether it was carried out.</summary>
    public bool IsRepeatable { get; init; }

    /// <summary>Its name: <c>Get</c>.</summary>
    public string Name => code.Name();

    /// <summary>Of which type the buckets are; null: of the default one.</summary>
    public Bytes? Type => message is ITyped typed ? typed.Type.If(typed.HasType) : default(Bytes?);

    /// <summary>In which bucket; null: in none.</summary>
    public Bytes? Bucket => message is IInBucket one ? one.Bucket.ToBytes() : default(Bytes?);

    /// <summary>Writes it, with its header.</summary>
    /// <param name="time">How long the node has; infinite: it is not told.</param>
    /// <param name="output">Takes header and message.</param>
    public void Write(TimeSpan time, System.Buffers.IBufferWriter<byte> output)
    {
        if (time != Timeout.InfiniteTimeSpan && message is ITimed timed)
        {
            timed.Timeout = (uint)Math.Clamp((long)time.TotalMilliseconds, 1, uint.MaxValue);
        }

        RiakCodec.Write(code, message, output);
    }

    public override string ToString()
    {
        object?[] about = [Type, Bucket, message is IKeyed keyed ? keyed.Key.If(keyed.HasKey) : default(Bytes?)];
        var place = string.Join('/', about.Where(static part => part is not null));
        return place.Length == 0 ? Name : $"{Name} of {place}";
    }
}

/// <summary>What is asked, and what a reply means.</summary>
/// <typeparam name="T">What the caller gets of a reply.</typeparam>
/// <param name="code">What it is.</param>
/// <param name="message">All of it.</param>
/// <param name="read">Of a reply's frame, which has its code.</param>
internal sealed class RiakRequest<T>(RiakCode code, IMessage message, Func<RiakFrame, T> read) : RiakRequest(code, message)
{
    public Func<RiakFrame, T> Read => read;
}

/// <summary>How a call came out on a connection that it leaves unharmed: with a value, or with the server's "no".</summary>
internal readonly record struct Outcome<T>(T Value, RiakErrorException? Error);

/// <summary>Error replies.</summary>
internal static class RiakErrors
{
    /// <exception cref="ProtocolException">It is none.</exception>
    public static RiakErrorException Of(RiakFrame frame)
    {
        var error = RiakCodec.Parse<RpbErrorResp>(frame);
        return new(error.Errmsg.ToStringUtf8(), error.Errcode);
    }
}
