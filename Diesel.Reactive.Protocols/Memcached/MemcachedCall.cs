using System.Buffers;
using System.Buffers.Text;

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
internal abstract class MemcachedCall<T>(string operation, MemcachedKey key, MemcachedOpaques opaques) : Call<MemcachedReply, T>
{
    private uint _opaque;

    public string Operation => operation;

    /// <summary>The command: <c>mg</c>.</summary>
    protected abstract ReadOnlySpan<byte> Command { get; }

    public override string ToString() => operation;

    /// <summary>Its flags, but for the token's.</summary>
    protected abstract void WriteFlags(IBufferWriter<byte> output);

    protected abstract T Parse(in MemcachedReply reply);

    protected sealed override void Write(IBufferWriter<byte> output)
    {
        _opaque = opaques.Next();
        MemcachedRequestLine.Begin(output, Command, key);
        WriteFlags(output);
        MemcachedRequestLine.Flag(output, 'O', _opaque);
        MemcachedRequestLine.End(output);
    }

    protected sealed override T Read(MemcachedReply reply) => reply.IsError ? throw new MemcachedErrorException($"{reply}") : Parse(reply);

    protected sealed override bool Answers(MemcachedReply reply) => reply.Kind is not (MemcachedReplyKind.NoOp or MemcachedReplyKind.Text) && MemcachedOpaques.Has(reply, _opaque);

    protected static T Wrong(in MemcachedReply reply) => throw new ProtocolException($"'{MemcachedText.Shown(reply.Line.Span)}' is no reply to this.");
}
