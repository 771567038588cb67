using System.Buffers;

namespace Diesel.Reactive.Protocols.Redis;

/// <summary>A command that begins or ends subscriptions. What it is about is decided when it is written; it is over when each is confirmed, in RESP3 by a
/// push, or by an error, which comes in its place among the replies.</summary>
internal sealed class SubscribeCall(SubscriptionBook book) : Call<RespValue>
{
    private int _confirmed;

    /// <summary>What it is about; empty: it was not written.</summary>
    public SubscriptionEntry[] Entries { get; set; } = [];

    public bool Begins { get; set; }

    private SubscriptionKind Kind => Entries[0].Kind;

    public override string ToString() => Entries.Length == 0 ? "a subscription" : Kind.Command(Begins).ToText().ToUpperInvariant();

    protected override void Write(IBufferWriter<byte> output)
    {
        book.Begin(this);
        RespCodec.WriteHeader(output, '*', Entries.Length + 1);
        RespCodec.WriteBulk(output, '$', Kind.Command(Begins).Span);
        foreach (var entry in Entries)
        {
            RespCodec.WriteBulk(output, '$', entry.Key.Span);
        }
    }

    protected override bool TryTakePush(RespValue push, out bool isLast)
    {
        isLast = false;
        if (!Kind.Confirms(push, Begins) || !push.Items[1].Raw.SequenceEqual(Entries[_confirmed].Key.Span))
        {
            return false;
        }

        book.Confirmed(this, Entries[_confirmed++]);
        isLast = _confirmed == Entries.Length;
        if (isLast)
        {
            book.Over(this);
        }

        return true;
    }

    protected override bool Take(RespValue reply)
    {
        if (reply.ToException() is not { } no)
        {
            throw new ProtocolException($"A reply of kind {reply.Kind} arrived where a subscription was to be confirmed.");
        }

        book.Refused(this, Entries[_confirmed..], no);
        return true;
    }

    protected override void Fail(Exception error) => book.Failed(this, error);
}
