using System.Buffers;
using System.Text;

namespace Diesel.Reactive.Protocols.Memcached;

/// <summary>A command whose replies have no token: each line, until what ends them.</summary>
/// <param name="line">The command.</param>
/// <param name="begins">How a reply begins, by which it is known.</param>
internal sealed class LinesCall(string line, string begins) : StreamCall<MemcachedReply, MemcachedReply>
{
    private readonly byte[] _begins = Encoding.UTF8.GetBytes(begins);

    public static LinesCall Version { get; } = new("version", "VERSION ") { IsReadOnly = true };

    public static LinesCall NoOp { get; } = new("mn", "MN") { IsReadOnly = true };

    protected override bool IsRepeatable => IsReadOnly;

    private bool IsReadOnly { get; init; }

    // Whether lines come until END; else there is one.
    private bool IsLong { get; init; }

    private bool MayMiss { get; init; }

    // An item's key comes back as it was stored, which need not be base64.
    public static LinesCall Info(in MemcachedKey key)
    {
        var written = key.Written.ToText();
        return new($"me {written}{(key.IsBase64 ? " b" : "")}", key.IsBase64 ? "ME " : $"ME {written} ") { IsReadOnly = true, MayMiss = true };
    }

    public static LinesCall Flush(string delay) => new($"flush_all{delay}", "OK");

    public static LinesCall Stats(string? group) => group == "reset" ? new("stats reset", "RESET") : new(group is null ? "stats" : $"stats {group}", "STAT ") { IsLong = true };

    public override string ToString() => line.Split(' ', 2)[0];

    protected override void Write(IBufferWriter<byte> output) => Encoding.UTF8.GetBytes($"{line}\r\n", output);

    protected override bool Answers(MemcachedReply reply) =>
        reply.IsError || reply.Line.Span.StartsWith(_begins) || (IsLong && reply.Kind is MemcachedReplyKind.End) || (MayMiss && reply.Kind is MemcachedReplyKind.Miss);

    protected override bool Read(MemcachedReply reply, IObserver<MemcachedReply> items)
    {
        if (reply.IsError)
        {
            items.OnError(new MemcachedErrorException($"{reply}"));
            return true;
        }

        var isEnd = reply.Kind == MemcachedReplyKind.End;
        if (!isEnd)
        {
            items.OnNext(reply);
        }

        return !IsLong || isEnd;
    }
}
