using System.Buffers;
using System.Buffers.Text;

namespace Diesel.Reactive.Protocols.Memcached;

/// <summary>Several <c>mg</c> that are silent about misses, and <c>mn</c> behind them: one write, and one reply for each hit.</summary>
/// <remarks>Which key a reply is for its token says: the key's number in the batch.</remarks>
internal sealed class ManyCall(IReadOnlyList<MemcachedKey> keys, int begin, int count) : StreamCall<MemcachedReply, (int Index, MemcachedReply Reply)>
{
    private int _last;

    protected override bool IsRepeatable => _last < begin;

    protected override long Length => 64L * count;

    public override string ToString() => $"mg of {count} keys";

    protected override void Write(IBufferWriter<byte> output)
    {
        _last = begin - 1;
        for (var i = begin; i < begin + count; i++)
        {
            MemcachedRequestLine.Begin(output, "mg"u8, keys[i]);
            output.Write(" v f q"u8);
            MemcachedRequestLine.Flag(output, 'O', (ulong)i);
            MemcachedRequestLine.End(output);
        }

        output.Write("mn\r\n"u8);
    }

    protected override bool Answers(MemcachedReply reply) => reply.IsError || reply.Kind is MemcachedReplyKind.NoOp || (reply.Kind is MemcachedReplyKind.Value && TryIndex(reply, out _));

    protected override bool Read(MemcachedReply reply, IObserver<(int Index, MemcachedReply Reply)> items)
    {
        if (reply.Kind == MemcachedReplyKind.NoOp)
        {
            return true;
        }

        if (reply.IsError)
        {
            // Of one key; the others are answered, and the end is.
            items.OnError(new MemcachedErrorException($"{reply}"));
            return false;
        }

        TryIndex(reply, out var index);
        _last = index;
        items.OnNext((index, reply));
        return false;
    }

    // In the order they were asked for, each once.
    private bool TryIndex(in MemcachedReply reply, out int index)
    {
        index = 0;
        return reply.TryGetFlag('O', out var token) && Utf8Parser.TryParse(token, out index, out var used) && used == token.Length && index > _last && index < begin + count;
    }
}
