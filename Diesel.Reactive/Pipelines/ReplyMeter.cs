namespace Diesel.Reactive;

/// <summary>A framing that notes how many bytes of replies come, for the pipeline that reads with it.</summary>
/// <param name="framing">Decodes replies.</param>
/// <param name="arrived">Called when bytes have come and no reply is whole; what it throws ends the reading.</param>
internal sealed class ReplyMeter<TReply>(Framing<TReply> framing, Action arrived) : Framing<TReply>
{
    /// <summary>Whole replies so far.</summary>
    public long Replies { get; private set; }

    /// <summary>Bytes of the last whole reply.</summary>
    public int ReplyBytes { get; private set; }

    public override Decoder<TReply> CreateDecoder() => new Noting(this, framing.CreateDecoder());

    private sealed class Noting(ReplyMeter<TReply> meter, Decoder<TReply> decoder) : Decoder<TReply>
    {
        public override bool TryDecode(ReadOnlyMemory<byte> buffer, out TReply frame, out int consumed)
        {
            if (decoder.TryDecode(buffer, out frame, out consumed))
            {
                meter.Note(consumed);
                return true;
            }

            meter.Arrived();
            return false;
        }

        public override bool TryDecodeEnd(ReadOnlyMemory<byte> buffer, out TReply frame, out int consumed)
        {
            if (decoder.TryDecodeEnd(buffer, out frame, out consumed))
            {
                meter.Note(consumed);
                return true;
            }

            return false;
        }

        public override int Missing(int buffered) => decoder.Missing(buffered);
    }

    private void Note(int bytes)
    {
        Replies++;
        ReplyBytes = bytes;
    }

    private void Arrived() => arrived();
}
