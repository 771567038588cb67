namespace Diesel.Reactive.Protocols.Http;

/// <summary><see cref="HttpReply.Read"/>: one that came as a whole, and in one piece, is that piece, and is there at once.</summary>
internal sealed class HttpReplyReading(HttpReply reply, long limit) : Awaitable<ReadOnlyMemory<byte>>
{
    public override IDisposable Subscribe(IObserver<ReadOnlyMemory<byte>> observer) => new HttpBodyGathering(reply.Body, limit < 0 ? null : limit).Subscribe(observer);

    protected override bool TryTake(out ReadOnlyMemory<byte> value)
    {
        value = default;
        return reply.Encoding is null && (limit < 0 || reply.Length <= limit) && reply.TryTakeWhole(out value);
    }

    public override string ToString() => $"the body of {reply}";
}
