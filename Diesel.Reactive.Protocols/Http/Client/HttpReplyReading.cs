namespace Diesel.Reactive.Protocols.Http;

/// <summary><see cref="HttpReply.Read"/>: one that came as a whole, and in one piece, is that piece, and is there at once.</summary>
internal class HttpReplyReading(HttpReply reply) : Awaitable<ReadOnlyMemory<byte>>
{
    /// <summary>The most bytes; null: there is no limit.</summary>
    protected virtual long? Most => null;

    public override IDisposable Subscribe(IObserver<ReadOnlyMemory<byte>> observer) => new HttpBodyGathering(reply.Body, Most).Subscribe(observer);

    protected override bool TryTake(out ReadOnlyMemory<byte> value)
    {
        value = default;
        return reply.Encoding is null && (Most is not { } most || reply.Length <= most) && reply.TryTakeWhole(out value);
    }

    public override string ToString() => $"the body of {reply}";

    internal sealed class Limited(HttpReply reply, long most) : HttpReplyReading(reply)
    {
        protected override long? Most => most;
    }
}
