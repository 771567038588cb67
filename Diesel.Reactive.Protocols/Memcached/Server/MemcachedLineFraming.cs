namespace Diesel.Reactive.Protocols.Memcached;

/// <summary>What a client sends before it is known how much follows: a line of the text protocol, or a header of the binary one.</summary>
internal sealed class MemcachedLineFraming(int maxLine) : Framing<ReadOnlyMemory<byte>>
{
    public const byte RequestMagic = 0x80;
    public const int HeaderLength = 24;

    // A line that asks for many keys.
    private const int MaxKeysLine = 1000 * 251;

    public override Decoder<ReadOnlyMemory<byte>> CreateDecoder() => new LineDecoder(maxLine);

    private sealed class LineDecoder(int maxLine) : Decoder<ReadOnlyMemory<byte>>
    {
        private int _scanned;

        public override bool TryDecode(ReadOnlyMemory<byte> buffer, out ReadOnlyMemory<byte> frame, out int consumed)
        {
            (frame, consumed) = (default, 0);
            if (buffer.IsEmpty)
            {
                return false;
            }

            var bytes = buffer.Span;
            if (bytes[0] == RequestMagic)
            {
                if (bytes.Length < HeaderLength)
                {
                    return false;
                }

                (frame, consumed) = (buffer[..HeaderLength], HeaderLength);
                return true;
            }

            var found = bytes[_scanned..].IndexOf((byte)'\n');
            if (found < 0)
            {
                _scanned = bytes.Length;
                var most = IsOfKeys(bytes) ? MaxKeysLine : maxLine;
                return bytes.Length <= most ? false : throw new ProtocolException($"A line of more than {most} bytes arrived, which is the limit.");
            }

            var end = _scanned + found;
            (frame, consumed, _scanned) = (buffer[..(end > 0 && bytes[end - 1] == '\r' ? end - 1 : end)], end + 1, 0);
            return true;
        }

        private static bool IsOfKeys(ReadOnlySpan<byte> line) =>
            line.StartsWith("get "u8) || line.StartsWith("gets "u8) || line.StartsWith("gat "u8) || line.StartsWith("gats "u8);
    }
}
