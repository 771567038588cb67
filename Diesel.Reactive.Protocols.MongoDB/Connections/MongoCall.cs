using System.Buffers;

namespace Diesel.Reactive.Protocols.MongoDB;

/// <summary>How a call came out on a connection that it leaves unharmed: with a value, or with the server's "no".</summary>
internal readonly record struct Outcome<T>(T Value, Exception? Error);

/// <summary>A request on its way.</summary>
internal sealed class MongoCall<T>(MongoRequest<T> request, MongoSending sending, IMongoListener listener) : Call<MongoMessage, Outcome<T>>
{
    public override string ToString() => request.ToString();

    protected override void Write(IBufferWriter<byte> output) => request.Write(output, sending);

    protected override bool Answers(MongoMessage reply) => reply.ResponseTo == sending.Id && !reply.Flags.HasFlag(MongoFlags.MoreToCome);

    protected override Outcome<T> Read(MongoMessage reply)
    {
        try
        {
            listener.Hear(reply.Body);
            return !reply.Body["ok"u8].ToBoolean() ? new(default!, MongoErrorException.Of(reply.Body))
                : listener.Refuses(reply.Body) is { } refused ? new(default!, refused)
                : new(request.Read(reply.Body), null);
        }
        catch (Exception error)
        {
            return new(default!, error);
        }
    }
}

/// <summary>Who looks at replies before they are read.</summary>
internal interface IMongoListener
{
    /// <summary>Takes what servers tell of their cluster.</summary>
    void Hear(RawBson reply);

    /// <summary>Why a reply that says yes is none yet; null: it is.</summary>
    MongoErrorException? Refuses(RawBson reply);
}
