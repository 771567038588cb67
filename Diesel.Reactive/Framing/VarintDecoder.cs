namespace Diesel.Reactive;

internal sealed class VarintDecoder(int maxBytes) : Decoder<ulong>
{
    private const int BitsPerByte = 7;

    private int _scanned;
    private ulong _value;

    public override bool TryDecode(ReadOnlyMemory<byte> buffer, out ulong frame, out int consumed)
    {
        var bytes = buffer.Span;
        while (_scanned < bytes.Length)
        {
            var next = bytes[_scanned];
            Add(next);
            if (next < 0x80)
            {
                (frame, consumed) = (_value, _scanned);
                StartOver();
                return true;
            }

            if (_scanned == maxBytes)
            {
                StartOver();
                throw new ProtocolException($"A varint of more than {maxBytes} bytes arrived.");
            }
        }

        (frame, consumed) = (0, 0);
        return false;
    }

    private void Add(byte next)
    {
        var shift = BitsPerByte * _scanned;
        var bits = (ulong)(next & 0x7F);
        var shifted = bits << shift;
        if (shifted >> shift != bits)
        {
            StartOver();
            throw new ProtocolException("A varint of more than 64 bits arrived.");
        }

        _value |= shifted;
        _scanned++;
    }

    private void StartOver() => (_scanned, _value) = (0, 0);
}
