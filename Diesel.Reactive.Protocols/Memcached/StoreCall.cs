using System.Buffers;

namespace Diesel.Reactive.Protocols.Memcached;

/// <summary><c>ms</c>: stores a value.</summary>
/// <remarks>A server that refuses the line reads the value behind it as commands: nobody knows what the replies that follow belong to, and the
/// connection ends.</remarks>
internal sealed class StoreCall(MemcachedKey key, MemcachedOpaques opaques, ReadOnlyMemory<byte> value, byte[] flags) : StreamCall<MemcachedReply, Stored>
{
    private uint _opaque;

    /// <summary>A flag of it that older servers do not know.</summary>
    public char? NewFlag { get; init; }

    protected override long Length => value.Length;

    public override string ToString() => "ms";

    protected override void Write(IBufferWriter<byte> output)
    {
        _opaque = opaques.Next();
        var line = new MemcachedRequestLine(output, "ms"u8, key, flags.Length);
        line.Number((ulong)value.Length);
        line.Flags(key.Flag);
        line.Flag('O', _opaque);
        line.Flags(flags);
        line.End();
        output.Write(value.Span);
        output.Write("\r\n"u8);
    }

    protected override bool Answers(MemcachedReply reply) =>
        reply.IsError || (reply.Kind is MemcachedReplyKind.Header or MemcachedReplyKind.NotStored or MemcachedReplyKind.Exists or MemcachedReplyKind.NotFound && MemcachedOpaques.Has(reply, _opaque));

    protected override bool Read(MemcachedReply reply, IObserver<Stored> items)
    {
        if (!reply.IsError)
        {
            items.OnNext(reply.Kind switch
            {
                MemcachedReplyKind.Header => Stored.Stored,
                MemcachedReplyKind.NotStored => Stored.NotStored,
                MemcachedReplyKind.Exists => Stored.Exists,
                _ => Stored.NotFound,
            });
            return true;
        }

        items.OnError(NewFlag is { } flag ? new MemcachedErrorException($"{reply}", flag) : new MemcachedErrorException($"{reply}"));
        return reply.Kind == MemcachedReplyKind.ServerError ? true : throw new ProtocolException(
            $"The server refused a command with a value: '{MemcachedText.Shown(reply.Line.Span)}'. What follows may belong to the value.");
    }
}
