namespace Diesel.Reactive;

internal sealed class LiteralDecoder(byte[] literal) : Decoder<ReadOnlyMemory<byte>>
{
    private int _matched;

    public override bool TryDecode(ReadOnlyMemory<byte> buffer, out ReadOnlyMemory<byte> frame, out int consumed)
    {
        frame = default;
        consumed = 0;
        var expected = literal.AsSpan(_matched);
        var arrived = buffer.Span[_matched..];
        var same = expected.CommonPrefixLength(arrived);
        if (same < expected.Length && same < arrived.Length)
        {
            var at = _matched + same;
            _matched = 0;
            throw new ProtocolException(
                $"Byte {at} of the expected literal {Convert.ToHexString(literal)} is 0x{arrived[same]:X2}.");
        }

        _matched += same;
        if (_matched < literal.Length)
        {
            return false;
        }

        _matched = 0;
        consumed = literal.Length;

        // Not a slice of the buffer: who keeps the frame keeps no slab with it.
        frame = literal;
        return true;
    }

    public override int Missing(int buffered) => literal.Length - buffered;
}
