namespace Diesel.Reactive;

/// <summary>A framing that notes how many bytes of replies come, for the pipeline that reads with it.</summary>
/// <param name="framing">Decodes replies.</param>
/// <param name="arrived">Called when bytes have come and no reply is whole; what it throws ends the reading.</param>
internal sealed class ReplyMeter<TReply>(Framing<TReply> framing, Action arrived) : Framing<TReply>
{
    private (long Replies, int BegunBytes) _seen;

    /// <summary>Whole replies so far.</summary>
    public long Replies { get; private set; }

    /// <summary>Bytes of the last whole reply.</summary>
    public int ReplyBytes { get; private set; }

    /// <summary>Bytes of the reply that has begun.</summary>
    public int BegunBytes { get; private set; }

    /// <summary>Whether more of the same reply has come since this was asked last.</summary>
    public bool HasMoved()
    {
        var moved = Replies == _seen.Replies && BegunBytes > _seen.BegunBytes;
        _seen = (Replies, BegunBytes);
        return moved;
    }

    public override Decoder<TReply> CreateDecoder() => new Noting(this, framing.CreateDecoder());

    private sealed class Noting(ReplyMeter<TReply> meter, Decoder<TReply> decoder) : Decoder<TReply>
    {
        public override bool TryDecode(ReadOnlyMemory<byte> buffer, out TReply frame, out int consumed)
        {
            if (decoder.TryDecode(buffer, out frame, out consumed))
            {
                meter.Replies++;
                meter.ReplyBytes = consumed;
                return true;
            }

            meter.BegunBytes = buffer.Length - consumed;
            meter.Arrived();
            return false;
        }
    }

    private void Arrived() => arrived();
}
