using System.Buffers.Text;

namespace Diesel.Reactive.Protocols.Memcached;

/// <summary><c>mg</c>: what is there.</summary>
/// <param name="server">Whom it is asked.</param>
/// <param name="key">Whose.</param>
/// <param name="flags">What is asked for.</param>
/// <param name="read">What a reply means.</param>
/// <param name="computes">Whether who asks computes a new value when told to. It is asked once then, as one of two would wait for the other.</param>
internal sealed class GetCall<T>(MemcachedServer server, MemcachedKey key, byte[] flags, MemcachedRead<T> read, bool computes = false)
    : MemcachedCall<T?>("mg", key, server.Opaques, flags)
{
    protected override ReadOnlySpan<byte> Command => "mg"u8;

    protected override bool IsRepeatable => !computes;

    protected override bool IsWhole(in MemcachedReply reply) => reply.Kind != MemcachedReplyKind.Value || reply.HasNumbers(Flags);

    protected override T? Parse(in MemcachedReply reply)
    {
        if (!computes)
        {
            server.GiveBack(reply, Key);
        }

        return reply.Kind switch
        {
            MemcachedReplyKind.Miss or MemcachedReplyKind.NotFound => default,
            MemcachedReplyKind.Value or MemcachedReplyKind.Header => read(reply),
            _ => Wrong(reply),
        };
    }
}

/// <summary>What a reply means.</summary>
internal delegate T? MemcachedRead<T>(in MemcachedReply reply);

/// <summary>What the flags of a reply mean.</summary>
internal static class MemcachedReplyFlags
{
    public static ulong Number(this in MemcachedReply reply, char letter) => TryNumber(reply, letter, out var number) ? number
        : throw new ProtocolException($"'{MemcachedText.Shown(reply.Line.Span)}' has no number '{letter}', which was asked for.");

    /// <summary>Whether there is a number for each flag that was asked for and has one.</summary>
    /// <param name="reply">With a value.</param>
    /// <param name="asked">As it was written: <c> v f c t</c>.</param>
    public static bool HasNumbers(this in MemcachedReply reply, ReadOnlySpan<byte> asked)
    {
        foreach (var word in new MemcachedWords(asked))
        {
            var letter = (char)word[0];
            if (letter is 'f' or 'c' or 't' && !TryNumber(reply, letter, out _) && !(letter == 't' && reply.IsForEver()))
            {
                return false;
            }
        }

        return true;
    }

    /// <summary>How long it will be there; null: for ever.</summary>
    public static TimeSpan? TimeToLive(this in MemcachedReply reply) => reply.IsForEver() ? null
        : TimeSpan.FromSeconds(reply.Number('t'));

    private static bool IsForEver(this in MemcachedReply reply) => reply.TryGetFlag('t', out var token) && token.SequenceEqual("-1"u8);

    private static bool TryNumber(in MemcachedReply reply, char letter, out ulong number)
    {
        number = 0;
        return reply.TryGetFlag(letter, out var token) && Utf8Parser.TryParse(token, out number, out var used) && used == token.Length;
    }

    public static bool Has(this in MemcachedReply reply, char letter) => reply.TryGetFlag(letter, out _);

    /// <summary>Whether who asked was told to compute a new value. Such marks stand behind what was asked for.</summary>
    public static bool HasWon(this in MemcachedReply reply) => reply.Line.Span[^1] is (byte)'W' or (byte)'X' or (byte)'Z' && reply.Has('W');

    /// <summary>Whether it is only the place of a value that somebody computes.</summary>
    public static bool IsPlaceholder(this in MemcachedReply reply) => reply.Value.IsEmpty && (reply.Has('Z') || reply.Has('W')) && !reply.Has('X');
}
