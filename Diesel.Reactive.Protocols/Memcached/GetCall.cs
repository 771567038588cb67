using System.Buffers.Text;

namespace Diesel.Reactive.Protocols.Memcached;

/// <summary><c>mg</c>: what is there.</summary>
internal sealed class GetCall<T>(MemcachedKey key, MemcachedOpaques opaques, byte[] flags, MemcachedRead<T> read, bool isRepeatable = true)
    : MemcachedCall<T?>("mg", key, opaques, flags)
{
    protected override ReadOnlySpan<byte> Command => "mg"u8;

    protected override bool IsRepeatable => isRepeatable;

    protected override T? Parse(in MemcachedReply reply) => reply.Kind switch
    {
        MemcachedReplyKind.Miss or MemcachedReplyKind.NotFound => default,
        MemcachedReplyKind.Value or MemcachedReplyKind.Header => read(reply),
        _ => Wrong(reply),
    };
}

/// <summary>What a reply means.</summary>
internal delegate T? MemcachedRead<T>(in MemcachedReply reply);

/// <summary>What the flags of a reply mean.</summary>
internal static class MemcachedReplyFlags
{
    public static ulong Number(this in MemcachedReply reply, char letter) =>
        reply.TryGetFlag(letter, out var token) && Utf8Parser.TryParse(token, out ulong number, out var used) && used == token.Length
            ? number
            : throw new ProtocolException($"'{MemcachedText.Shown(reply.Line.Span)}' has no number '{letter}', which was asked for.");

    /// <summary>How long it will be there; null: for ever.</summary>
    public static TimeSpan? TimeToLive(this in MemcachedReply reply) => reply.TryGetFlag('t', out var token) && token.SequenceEqual("-1"u8) ? null
        : TimeSpan.FromSeconds(reply.Number('t'));

    public static bool Has(this in MemcachedReply reply, char letter) => reply.TryGetFlag(letter, out _);

    /// <summary>Whether it is only the place of a value that somebody computes.</summary>
    public static bool IsPlaceholder(this in MemcachedReply reply) => reply.Value.IsEmpty && (reply.Has('Z') || reply.Has('W')) && !reply.Has('X');
}
