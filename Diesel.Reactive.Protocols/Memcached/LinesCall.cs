using System.Buffers;
using System.Text;

namespace Diesel.Reactive.Protocols.Memcached;

/// <summary>A classic command without a value: each line of its reply, until what ends it.</summary>
/// <param name="line">The command.</param>
/// <param name="isLong">Whether lines come until <c>END</c>; else there is one.</param>
/// <param name="isReadOnly">Whether it may be sent again.</param>
internal sealed class LinesCall(string line, bool isLong, bool isReadOnly) : StreamCall<MemcachedReply, MemcachedReply>
{
    protected override bool IsRepeatable => isReadOnly && !isLong;

    public override string ToString() => line.Split(' ', 2)[0];

    protected override void Write(IBufferWriter<byte> output) => Encoding.UTF8.GetBytes($"{line}\r\n", output);

    protected override bool Answers(MemcachedReply reply) => reply.IsError || reply.Kind is MemcachedReplyKind.Text or MemcachedReplyKind.Info or MemcachedReplyKind.NoOp
        || reply.Kind is MemcachedReplyKind.Miss || (isLong && reply.Kind is MemcachedReplyKind.End);

    protected override bool Read(MemcachedReply reply, IObserver<MemcachedReply> items)
    {
        if (reply.IsError)
        {
            items.OnError(new MemcachedErrorException($"{reply}"));
            return true;
        }

        if (reply.Kind != MemcachedReplyKind.End)
        {
            items.OnNext(reply);
        }

        return !isLong || reply.Kind == MemcachedReplyKind.End || reply.Line.Span.SequenceEqual("RESET"u8);
    }
}
