using System.Buffers;
using System.Buffers.Text;
using System.Text;

namespace Diesel.Reactive.Protocols.Memcached;

/// <summary>Tokens by which a reply shows whose it is.</summary>
/// <remarks>Replies come in order, so they only have to differ from those nearby.</remarks>
internal sealed class MemcachedOpaques
{
    private uint _last;

    /// <summary>One that none in flight has. The hub's thread.</summary>
    public uint Next() => unchecked(++_last);

    /// <summary>Whether a reply has the token, or is of the kind that repeats none.</summary>
    public static bool Has(in MemcachedReply reply, uint opaque) =>
        reply.TryGetFlag('O', out var token) ? Utf8Parser.TryParse(token, out uint number, out var used) && used == token.Length && number == opaque
        : reply.IsError || reply.Kind == MemcachedReplyKind.Miss;
}

/// <summary>A meta command with one reply and no value of its own.</summary>
/// <param name="operation">What it is called, where calls are measured.</param>
/// <param name="key">Whose.</param>
/// <param name="opaques">Of the client.</param>
/// <param name="flags">Its flags, but for the token's.</param>
internal abstract class MemcachedCall<T>(string operation, MemcachedKey key, MemcachedOpaques opaques, byte[] flags) : Call<MemcachedReply, T>
{
    private uint _opaque;

    public string Operation => operation;

    /// <summary>A flag of it that older servers do not know.</summary>
    public char? NewFlag { get; init; }

    protected MemcachedKey Key => key;

    /// <summary>Its flags as they are written, but for the token's: <c> v f</c>.</summary>
    protected byte[] Flags => flags;

    /// <summary>The command: <c>mg</c>.</summary>
    protected abstract ReadOnlySpan<byte> Command { get; }

    public override string ToString() => operation;

    protected abstract T Parse(in MemcachedReply reply);

    /// <summary>Whether a reply has all that was asked for besides the value. One that has not is none of this server's: default true.</summary>
    protected virtual bool IsWhole(in MemcachedReply reply) => true;

    // The token first, and so it is in the reply.
    protected sealed override void Write(IBufferWriter<byte> output)
    {
        _opaque = opaques.Next();
        var line = new MemcachedRequestLine(output, Command, key, flags.Length);
        line.Flags(key.Flag);
        line.Flag('O', _opaque);
        line.Flags(flags);
        line.End();
    }

    protected sealed override T Read(MemcachedReply reply) => reply.IsError ? throw Refused(reply) : Parse(reply);

    protected sealed override bool Answers(MemcachedReply reply) => reply.Kind is not (MemcachedReplyKind.NoOp or MemcachedReplyKind.Text) && MemcachedOpaques.Has(reply, _opaque) && IsWhole(reply);

    private MemcachedErrorException Refused(in MemcachedReply reply) => NewFlag is { } flag ? new($"{reply}", flag) : new($"{reply}");

    protected static T Wrong(in MemcachedReply reply) => throw new ProtocolException($"'{MemcachedText.Shown(reply.Line.Span)}' is no reply to this.");
}

/// <summary>Flags as they are written.</summary>
internal static class WrittenFlags
{
    public static byte[] ToFlags(this string text) => Encoding.ASCII.GetBytes(text);
}
