using System.Buffers;
using System.Text;

namespace Diesel.Reactive.Protocols.Memcached;

/// <summary><c>ms</c>: stores a value.</summary>
/// <remarks>A server that refuses the line reads the value behind it as commands: nobody knows what the replies that follow belong to, and the
/// connection ends.</remarks>
internal sealed class StoreCall(MemcachedKey key, MemcachedOpaques opaques, ReadOnlyMemory<byte> value, string flags) : StreamCall<MemcachedReply, Stored>
{
    private uint _opaque;

    protected override long Length => value.Length;

    public override string ToString() => "ms";

    protected override void Write(IBufferWriter<byte> output)
    {
        _opaque = opaques.Next();
        MemcachedRequestLine.Begin(output, "ms"u8, key, value.Length);
        Encoding.ASCII.GetBytes(flags, output);
        MemcachedRequestLine.Flag(output, 'O', _opaque);
        MemcachedRequestLine.End(output);
        output.Write(value.Span);
        MemcachedRequestLine.End(output);
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

        items.OnError(new MemcachedErrorException($"{reply}"));
        return reply.Kind == MemcachedReplyKind.ServerError ? true : throw new ProtocolException(
            $"The server refused a command with a value: '{MemcachedText.Shown(reply.Line.Span)}'. What follows may belong to the value.");
    }
}
