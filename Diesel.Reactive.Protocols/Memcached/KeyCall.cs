namespace Diesel.Reactive.Protocols.Memcached;

/// <summary><c>md</c> and <c>mg</c> without a value: something is done to an item, if there is one.</summary>
internal sealed class KeyCall(MemcachedServer server, bool isDelete, MemcachedKey key, string flags) : MemcachedCall<bool>(isDelete ? "md" : "mg", key, server.Opaques, flags.ToFlags())
{
    protected override ReadOnlySpan<byte> Command => isDelete ? "md"u8 : "mg"u8;

    protected override bool Parse(in MemcachedReply reply)
    {
        server.GiveBack(reply, Key);
        return reply.Kind switch
        {
            MemcachedReplyKind.Header => true,
            MemcachedReplyKind.Miss or MemcachedReplyKind.NotFound or MemcachedReplyKind.Exists => false,
            _ => Wrong(reply),
        };
    }
}

/// <summary><c>ma</c>: counts.</summary>
internal sealed class CountCall(MemcachedKey key, MemcachedOpaques opaques, string flags) : MemcachedCall<ulong?>("ma", key, opaques, flags.ToFlags())
{
    protected override ReadOnlySpan<byte> Command => "ma"u8;

    protected override ulong? Parse(in MemcachedReply reply) => reply.Kind switch
    {
        MemcachedReplyKind.NotFound => null,
        MemcachedReplyKind.Value when ulong.TryParse(reply.Value.Span, out var number) => number,
        _ => Wrong(reply),
    };
}
