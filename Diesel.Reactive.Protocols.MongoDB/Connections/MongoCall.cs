using System.Buffers;

namespace Diesel.Reactive.Protocols.MongoDB;

/// <summary>How a call came out on a connection that it leaves unharmed: with a value, or with the server's "no".</summary>
internal readonly record struct Outcome<T>(T Value, Exception? Error);

/// <summary>A request on its way.</summary>
internal sealed class MongoCall<T>(MongoRequest<T> request, MongoConnection connection, TimeSpan left) : Call<MongoMessage, Outcome<T>>
{
    private readonly int _id = MongoRequestId.Next();

    public override string ToString() => request.ToString();

    protected override void Write(IBufferWriter<byte> output) => request.Write(output, _id, connection, left);

    protected override bool Answers(MongoMessage reply) => reply.ResponseTo == _id && !reply.Flags.HasFlag(MongoFlags.MoreToCome);

    protected override Outcome<T> Read(MongoMessage reply)
    {
        try
        {
            return reply.Body["ok"u8].ToBoolean() ? new(request.Read(reply.Body), null) : new(default!, MongoErrorException.Of(reply.Body));
        }
        catch (Exception error)
        {
            return new(default!, error);
        }
    }
}
