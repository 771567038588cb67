using System.Buffers.Text;
using System.Text;

namespace Diesel.Reactive.Protocols.Memcached;

/// <summary>Replies of a memcached server, to meta commands and to the classic ones: to speak to it over a connection of your own.</summary>
/// <param name="limits">What the server may send; null for the defaults.</param>
/// <remarks>Errors: <see cref="ProtocolException"/>, which names the limit. A size that is announced allocates nothing. Source: memcached's
/// <c>doc/protocol.txt</c>.</remarks>
public sealed class MemcachedReplyFraming(MemcachedLimits? limits = null) : Framing<MemcachedReply>
{
    private readonly MemcachedLimits _limits = limits ?? MemcachedLimits.Default;

    /// <inheritdoc/>
    public override Decoder<MemcachedReply> CreateDecoder() => new ReplyDecoder(_limits);

    private sealed class ReplyDecoder(MemcachedLimits limits) : Decoder<MemcachedReply>
    {
        private const int None = -1;

        // No line end begins before this; or the whole of a value's line, and its size.
        private int _scanned;
        private int _size = None;

        public override bool TryDecode(ReadOnlyMemory<byte> buffer, out MemcachedReply frame, out int consumed)
        {
            (frame, consumed) = (default, 0);
            if (_size == None && !TryLine(buffer.Span))
            {
                ThrowIfNoWordBegins(buffer.Span);
                return false;
            }

            var line = buffer[.._scanned];
            var kind = KindOf(line.Span);
            if (kind != MemcachedReplyKind.Value)
            {
                (frame, consumed) = (new(kind, line), _scanned + 2);
                _scanned = 0;
                return true;
            }

            if (_size == None)
            {
                _size = SizeIn(line.Span);
            }

            var (begin, end) = (_scanned + 2, _scanned + 2 + _size);
            ThrowIfNoEnd(buffer.Span, end);
            if (buffer.Length < end + 2)
            {
                return false;
            }

            (frame, consumed) = (new(kind, line, buffer[begin..end]), end + 2);
            (_scanned, _size) = (0, None);
            return true;
        }

        public override int Missing(int buffered) => _size == None ? 0 : Math.Max(0, _scanned + 2 + _size + 2 - buffered);

        private static MemcachedReplyKind KindOf(ReadOnlySpan<byte> line)
        {
            var space = line.IndexOf((byte)' ');
            var code = space < 0 ? line : line[..space];
            return code switch
            {
                [(byte)'V', (byte)'A'] or [(byte)'V', (byte)'A', (byte)'L', (byte)'U', (byte)'E'] => MemcachedReplyKind.Value,
                [(byte)'H', (byte)'D'] => MemcachedReplyKind.Header,
                [(byte)'E', (byte)'N'] => MemcachedReplyKind.Miss,
                [(byte)'N', (byte)'F'] => MemcachedReplyKind.NotFound,
                [(byte)'N', (byte)'S'] => MemcachedReplyKind.NotStored,
                [(byte)'E', (byte)'X'] => MemcachedReplyKind.Exists,
                [(byte)'M', (byte)'N'] => MemcachedReplyKind.NoOp,
                [(byte)'M', (byte)'E'] => MemcachedReplyKind.Info,
                [(byte)'E', (byte)'N', (byte)'D'] => MemcachedReplyKind.End,
                _ => code.SequenceEqual("ERROR"u8) ? MemcachedReplyKind.Error
                    : code.SequenceEqual("CLIENT_ERROR"u8) ? MemcachedReplyKind.ClientError
                    : code.SequenceEqual("SERVER_ERROR"u8) ? MemcachedReplyKind.ServerError
                    : IsWord(code) ? MemcachedReplyKind.Text
                    : throw NoReply(line),
            };
        }

        // STORED, VERSION, and the number that a classic incr answers.
        private static bool IsWord(ReadOnlySpan<byte> code) => code.Length > 0 && !code.ContainsAnyExceptInRange((byte)'0', (byte)'_') && !code.ContainsAnyInRange((byte)':', (byte)'@');

        // VA size …, or VALUE key flags size …
        private int SizeIn(ReadOnlySpan<byte> line)
        {
            var words = new MemcachedWords(line);
            var isClassic = words.Next().Length > 2;
            for (var i = 0; isClassic && i < 2; i++)
            {
                words.MoveNext();
            }

            var word = words.Next();
            if (!Utf8Parser.TryParse(word, out uint size, out var used) || used != word.Length || word.IsEmpty || word[0] == '+')
            {
                throw new ProtocolException($"'{MemcachedText.Shown(line)}' announces a value without a size.");
            }

            return size <= limits.MaxValue ? (int)size : throw new ProtocolException(
                $"A value of {size} bytes was announced, the limit is {limits.MaxValue}. Raise {nameof(MemcachedLimits)}.{nameof(MemcachedLimits.MaxValue)} to allow it.");
        }

        private bool TryLine(ReadOnlySpan<byte> buffer)
        {
            var most = Math.Min(buffer.Length, limits.MaxLine + 1);
            var found = _scanned < most ? buffer[_scanned..most].IndexOf((byte)'\r') : -1;
            _scanned = found < 0 ? most : _scanned + found;
            if (_scanned > limits.MaxLine)
            {
                throw new ProtocolException(
                    $"A line of more than {limits.MaxLine} bytes arrived, which is the limit. Raise {nameof(MemcachedLimits)}.{nameof(MemcachedLimits.MaxLine)} to allow it.");
            }

            if (found < 0 || _scanned + 1 == buffer.Length)
            {
                return false;
            }

            return buffer[_scanned + 1] == '\n' ? true : throw new ProtocolException("A carriage return arrived without a line feed behind it.");
        }

        // The binary protocol, TLS: there is perhaps no end of a line to wait for.
        private static void ThrowIfNoWordBegins(ReadOnlySpan<byte> buffer)
        {
            if (!buffer.IsEmpty && !IsWord(buffer[..1]))
            {
                throw NoReply(buffer);
            }
        }

        private static ProtocolException NoReply(ReadOnlySpan<byte> line) => new($"'{MemcachedText.Shown(line)}' is no reply: is the peer a memcached server, without TLS?");

        private static void ThrowIfNoEnd(ReadOnlySpan<byte> buffer, int end)
        {
            if ((buffer.Length > end && buffer[end] != '\r') || (buffer.Length > end + 1 && buffer[end + 1] != '\n'))
            {
                throw new ProtocolException("A value arrived without CRLF behind it: it is longer than was announced.");
            }
        }
    }
}

/// <summary>What errors show of what a peer sent.</summary>
internal static class MemcachedText
{
    private const int Most = 40;

    public static string Shown(ReadOnlySpan<byte> line)
    {
        var text = Encoding.Latin1.GetString(line[..Math.Min(line.Length, Most)]);
        return $"{string.Concat(text.Select(static c => c is >= ' ' and <= '~' ? $"{c}" : $"\\x{(int)c:x2}"))}{(line.Length > Most ? "…" : "")}";
    }
}
