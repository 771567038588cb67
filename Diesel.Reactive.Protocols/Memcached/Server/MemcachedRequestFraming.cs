namespace Diesel.Reactive.Protocols.Memcached;

/// <summary>Requests of clients, as many at a time as have come: of the text protocol with the values that belong to them, and of the binary one.</summary>
/// <param name="limits">What clients may send.</param>
/// <remarks>A line that is refused has no value: what follows it is taken for the next line, as with memcached. Errors: <see cref="ProtocolException"/>
/// for a line that is too long. Source: memcached's <c>doc/protocol.txt</c> and <c>doc/protocol-binary.txt</c>.</remarks>
internal sealed class MemcachedRequestFraming(MemcachedLimits limits) : Framing<MemcachedRequests>
{
    // A line that asks for many keys.
    private const int MaxKeysLine = (1000 * (MemcachedKey.MostWritten + 1)) + 100;

    // What is sent to log in.
    private const int MostSecret = 64 * 1024;

    /// <summary>Whether the client may do nothing but log in: only a <c>set</c> has a value then, and one request comes at a time.</summary>
    public bool IsLoggingIn { get; set; }

    public override Decoder<MemcachedRequests> CreateDecoder() => new RequestDecoder(this, limits);

    private sealed class RequestDecoder(MemcachedRequestFraming framing, MemcachedLimits limits) : Decoder<MemcachedRequests>
    {
        private readonly MemcachedRequests _requests = new();

        // No line of the first request ends before that, or it has so many bytes; or so many are to be thrown away of a request that began so.
        private int _scanned;
        private int _needed;
        private long _unwanted;
        private byte[] _head = [];

        public override bool IsOwed => _unwanted > 0;

        private int Most => framing.IsLoggingIn ? 1 : MemcachedRequests.Most;

        public override bool TryDecode(ReadOnlyMemory<byte> buffer, out MemcachedRequests frame, out int consumed)
        {
            (frame, consumed) = (_requests, 0);
            if (_unwanted > 0)
            {
                return TryThrowAway(buffer.Length, out consumed);
            }

            if (buffer.Length < Math.Max(1, _needed))
            {
                return false;
            }

            _needed = 0;
            _requests.Begin(buffer);
            var bytes = buffer.Span;
            while (consumed < bytes.Length && _requests.Count < Most && (bytes[consumed] == BinaryHeader.Magic ? TryBinary(bytes, ref consumed) : TryText(bytes, ref consumed)))
            {
            }

            return _requests.Count > 0;
        }

        public override int Missing(int buffered) => (int)Math.Min(Math.Max(_needed - buffered, _unwanted), int.MaxValue);

        private bool TryText(ReadOnlySpan<byte> bytes, ref int at)
        {
            var isFirst = _requests.Count == 0;
            var rest = bytes[at..];
            var scanned = isFirst ? _scanned : 0;
            var found = rest[scanned..].IndexOf((byte)'\n');
            var end = found < 0 ? rest.Length : scanned + found;
            ThrowIfTooLong(end, rest);
            if (found < 0)
            {
                _scanned = isFirst ? end : 0;
                return false;
            }

            var length = end > 0 && rest[end - 1] == '\r' ? end - 1 : end;
            var size = SizeOf(rest[..length]);
            if (size < 0)
            {
                _scanned = 0;
                _requests.Add(MemcachedRequestKind.Line, at, length);
                at += end + 1;
                return true;
            }

            if (size <= limits.MaxValue)
            {
                return TryWhole(MemcachedRequestKind.Store, bytes, ref at, length, end + 1, (int)size + 2);
            }

            BeginToThrowAway(rest[..length], bytes.Length, ref at, end + 1 + size + 2);
            return false;
        }

        private bool TryBinary(ReadOnlySpan<byte> bytes, ref int at)
        {
            const int Head = BinaryHeader.Length;
            var rest = bytes[at..];
            if (rest.Length < Head)
            {
                _needed = _requests.Count == 0 ? Head : 0;
                return false;
            }

            var header = new BinaryHeader(rest);
            if (!header.IsSound)
            {
                _requests.Add(MemcachedRequestKind.Unsound, at, Head);
                at += Head;
                return true;
            }

            if (header.BodyLength <= (long)limits.MaxValue + MemcachedKey.MostWritten + BinaryHeader.MostExtras)
            {
                return TryWhole(MemcachedRequestKind.Binary, bytes, ref at, Head, Head, (int)header.BodyLength);
            }

            // Whose value it is has to be known.
            var head = Head + header.ExtrasLength + header.KeyLength;
            if (rest.Length < head)
            {
                _needed = _requests.Count == 0 ? head : 0;
                return false;
            }

            BeginToThrowAway(rest[..head], bytes.Length, ref at, Head + header.BodyLength);
            return false;
        }

        private bool TryWhole(MemcachedRequestKind kind, ReadOnlySpan<byte> bytes, ref int at, int head, int bodyFrom, int body)
        {
            var whole = bodyFrom + body;
            if (bytes.Length - at < whole)
            {
                _needed = _requests.Count == 0 ? whole : 0;
                return false;
            }

            _scanned = 0;
            _requests.Add(kind, at, head, at + bodyFrom, body);
            at += whole;
            return true;
        }

        // When those before it were given.
        private void BeginToThrowAway(ReadOnlySpan<byte> head, int there, ref int at, long whole)
        {
            if (_requests.Count == 0)
            {
                (_head, _unwanted, _scanned) = (head.ToArray(), whole, 0);
                TryThrowAway(there - at, out var consumed);
                at += consumed;
            }
        }

        private bool TryThrowAway(int there, out int consumed)
        {
            consumed = (int)Math.Min(there, _unwanted);
            _unwanted -= consumed;
            if (_unwanted > 0)
            {
                return false;
            }

            _requests.Begin(_head);
            _requests.Add(_head[0] == BinaryHeader.Magic ? MemcachedRequestKind.BinaryTooLarge : MemcachedRequestKind.TooLarge, 0, _head.Length);
            return true;
        }

        // −1: no value follows.
        private long SizeOf(ReadOnlySpan<byte> line)
        {
            if (MetaCommands.IsOne(line))
            {
                return line[1] == 's' && !framing.IsLoggingIn ? MetaRequest.SizeOf(line) : -1;
            }

            // get, incr, touch and the like.
            if (line.IsEmpty || line[0] is (byte)'g' or (byte)'i' or (byte)'t' or (byte)'d' or (byte)'v' || !TextStoring.TryRead(line, out var storing))
            {
                return -1;
            }

            return !framing.IsLoggingIn || (line.StartsWith("set "u8) && storing.Size <= MostSecret) ? storing.Size : -1;
        }

        private void ThrowIfTooLong(int length, ReadOnlySpan<byte> line)
        {
            var most = length > limits.MaxLine && IsOfKeys(line) ? MaxKeysLine : limits.MaxLine;
            if (length > most)
            {
                throw new ProtocolException($"A line of more than {most} bytes arrived, which is the limit.");
            }
        }

        private static bool IsOfKeys(ReadOnlySpan<byte> line) =>
            line.StartsWith("get "u8) || line.StartsWith("gets "u8) || line.StartsWith("gat "u8) || line.StartsWith("gats "u8);
    }
}
