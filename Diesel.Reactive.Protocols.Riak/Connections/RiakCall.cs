using System.Buffers;

namespace Diesel.Reactive.Protocols.Riak;

/// <summary>A request with one reply on its way.</summary>
/// <param name="request">What is asked.</param>
/// <param name="told">How long the node is told that it has.</param>
internal sealed class RiakCall<T>(RiakRequest<T> request, TimeSpan told) : Call<RiakFrame, Outcome<T>>
{
    // Whoever sent it has the deadline.
    protected override TimeSpan Wait => Timeout.InfiniteTimeSpan;

    public override string ToString() => request.ToString();

    protected override void Write(IBufferWriter<byte> output) => request.Write(told, output);

    // Replies have no number: one that has something behind it answers a single request with two, and nobody knows whose the second is.
    protected override bool Answers(RiakFrame reply) => !reply.IsFollowed && (reply.Code == request.ReplyCode || reply.Code == RiakCode.Error);

    protected override Outcome<T> Read(RiakFrame reply) => reply.Code == RiakCode.Error ? new(default!, RiakErrors.Of(reply)) : new(request.Read(reply), null);
}

/// <summary>A request with replies until one says that it is done.</summary>
/// <param name="request">What is asked, and what a reply means: its items, and whether it was the last.</param>
/// <param name="told">How long the node is told that it has.</param>
internal sealed class RiakStreamCall<T>(RiakRequest<(IReadOnlyList<T> Items, bool IsLast)> request, TimeSpan told) : StreamCall<RiakFrame, IReadOnlyList<T>>
{
    public override string ToString() => request.ToString();

    protected override void Write(IBufferWriter<byte> output) => request.Write(told, output);

    protected override bool Answers(RiakFrame reply) => reply.Code == request.ReplyCode || reply.Code == RiakCode.Error;

    protected override bool Read(RiakFrame reply, IObserver<IReadOnlyList<T>> items)
    {
        if (reply.Code == RiakCode.Error)
        {
            items.OnError(RiakErrors.Of(reply));
            return true;
        }

        var (batch, isLast) = request.Read(reply);
        if (isLast && reply.IsFollowed)
        {
            throw new ProtocolException($"{request} was done, and more came.");
        }

        if (batch.Count > 0)
        {
            items.OnNext(batch);
        }

        return isLast;
    }
}
