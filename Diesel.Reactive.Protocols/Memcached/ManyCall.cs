using System.Buffers;
using System.Buffers.Text;

namespace Diesel.Reactive.Protocols.Memcached;

/// <summary>Several <c>mg</c> that are silent about misses, and <c>mn</c> behind them: one write, and one reply for each hit.</summary>
/// <remarks>Which key a reply is for its token says: the key's number in the batch.</remarks>
internal sealed class ManyCall(MemcachedKey[] keys, int begin, int count) : StreamCall<MemcachedReply, ManyHits>
{
    private static readonly byte[] Flags = " v f q".ToFlags();

    private ManyHits _hits;
    private int _last;

    public int Count => count;

    // Begun anew, it forgets what came.
    protected override bool IsRepeatable => true;

    protected override long Length => 64L * count;

    public override string ToString() => $"mg of {count} keys";

    protected override void Write(IBufferWriter<byte> output)
    {
        (_last, _hits) = (begin - 1, new(new (int, MemcachedReply)[count], 0));
        for (var i = begin; i < begin + count; i++)
        {
            ref readonly var key = ref keys[i];
            var line = new MemcachedRequestLine(output, "mg"u8, key, Flags.Length);
            line.Flags(key.Flag);
            line.Flag('O', (ulong)i);
            line.Flags(Flags);
            line.End();
        }

        output.Write("mn\r\n"u8);
    }

    protected override bool Answers(MemcachedReply reply) => reply.IsError || reply.Kind is MemcachedReplyKind.NoOp || (reply.Kind is MemcachedReplyKind.Value && TryIndex(reply, out _) && reply.HasNumbers(Flags));

    protected override bool Read(MemcachedReply reply, IObserver<ManyHits> items)
    {
        if (reply.Kind == MemcachedReplyKind.NoOp)
        {
            items.OnNext(_hits);
            return true;
        }

        if (reply.IsError)
        {
            // Of one key; the others are answered, and the end is.
            items.OnError(new MemcachedErrorException($"{reply}"));
            return false;
        }

        TryIndex(reply, out _last);
        _hits = _hits.With(_last, reply);
        return false;
    }

    // In the order they were asked for, each once.
    private bool TryIndex(in MemcachedReply reply, out int index)
    {
        index = 0;
        return reply.TryGetFlag('O', out var token) && Utf8Parser.TryParse(token, out index, out var used) && used == token.Length && index > _last && index < begin + count;
    }
}

/// <summary>What was there: the keys' numbers, and replies with values.</summary>
internal readonly record struct ManyHits((int Index, MemcachedReply Reply)[] Room, int Count)
{
    public ReadOnlySpan<(int Index, MemcachedReply Reply)> All => Room.AsSpan(0, Count);

    public ManyHits With(int index, in MemcachedReply reply)
    {
        Room[Count] = (index, reply);
        return this with { Count = Count + 1 };
    }
}
