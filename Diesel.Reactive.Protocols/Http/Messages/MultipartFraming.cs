using System.Text;

namespace Diesel.Reactive.Protocols.Http;

/// <summary>The parts of a multipart body (RFC 2046 §5.1.1, RFC 7578).</summary>
internal sealed class MultipartFraming(string boundary) : Framing<MultipartPiece>
{
    private const int MostOfHead = 16 * 1024;
    private const int MostParts = 1024;

    private readonly byte[] _delimiter = Encoding.ASCII.GetBytes($"\r\n--{boundary}");

    public override Decoder<MultipartPiece> CreateDecoder() => new Parts(_delimiter);

    private sealed class Parts(byte[] delimiter) : Decoder<MultipartPiece>
    {
        private State _state;
        private int _parts;

        private enum State
        {
            Start,
            Preamble,
            Delimiter,
            Head,
            Data,
            Epilogue,
        }

        public override bool TryDecode(ReadOnlyMemory<byte> buffer, out MultipartPiece frame, out int consumed)
        {
            var text = buffer.Span;
            (frame, consumed) = (default, 0);
            switch (_state)
            {
                case State.Start:
                    return TryStart(buffer, ref frame, ref consumed);
                case State.Preamble:
                case State.Data:
                    return TryData(buffer, ref frame, ref consumed);
                case State.Delimiter:
                    return TryDelimiter(text, ref frame, ref consumed);
                case State.Head:
                    return TryHead(buffer, ref frame, ref consumed);
                default:
                    consumed = text.Length;
                    return consumed > 0;
            }
        }

        // The first delimiter may stand at the very beginning, without its line end.
        private bool TryStart(ReadOnlyMemory<byte> buffer, ref MultipartPiece frame, ref int consumed)
        {
            var text = buffer.Span;
            var first = delimiter.AsSpan(2);
            if (text.Length < first.Length && first.StartsWith(text))
            {
                return false;
            }

            if (text.StartsWith(first))
            {
                consumed = first.Length;
                _state = State.Delimiter;
                frame = new(MultipartKind.Nothing, default);
                return true;
            }

            _state = State.Preamble;
            return TryData(buffer, ref frame, ref consumed);
        }

        private bool TryData(ReadOnlyMemory<byte> buffer, ref MultipartPiece frame, ref int consumed)
        {
            var text = buffer.Span;
            var end = text.IndexOf(delimiter);
            var isPart = _state == State.Data;
            if (end == 0)
            {
                consumed = delimiter.Length;
                _state = State.Delimiter;
                frame = new(isPart ? MultipartKind.EndOfPart : MultipartKind.Nothing, default);
                return true;
            }

            consumed = end > 0 ? end : text.Length - PartOfDelimiter(text);
            frame = new(isPart ? MultipartKind.Data : MultipartKind.Nothing, buffer[..consumed]);
            return consumed > 0;
        }

        // Behind a delimiter: two dashes end the form, white space and a line end begin a part.
        private bool TryDelimiter(ReadOnlySpan<byte> text, ref MultipartPiece frame, ref int consumed)
        {
            if (text.Length < 2)
            {
                return false;
            }

            if (text.StartsWith("--"u8))
            {
                (_state, consumed) = (State.Epilogue, 2);
                frame = new(MultipartKind.EndOfForm, default);
                return true;
            }

            var padding = text.IndexOfAnyExcept(" \t"u8);
            if (padding < 0 || text.Length < padding + 2)
            {
                return text.Length > MostOfHead ? throw Refused("A boundary is followed by too much white space") : false;
            }

            if (!text[padding..].StartsWith("\r\n"u8))
            {
                throw Refused("A boundary is followed by something else than a line end");
            }

            if (++_parts > MostParts)
            {
                throw Refused($"There are more than {MostParts} parts");
            }

            (_state, consumed) = (State.Head, padding + 2);
            frame = new(MultipartKind.Nothing, default);
            return true;
        }

        private bool TryHead(ReadOnlyMemory<byte> buffer, ref MultipartPiece frame, ref int consumed)
        {
            var text = buffer.Span;
            var end = text.StartsWith("\r\n"u8) ? 0 : text.IndexOf("\r\n\r\n"u8) + 2;
            if (end == 1)
            {
                return text.Length > MostOfHead ? throw Refused($"The head of a part is longer than {MostOfHead} bytes") : false;
            }

            var lines = new HttpLineEnds();
            for (lines.StartAt(0); lines.Begin < end;)
            {
                _ = lines.TryNext(text[..end], allowsLoneLf: false, isRequest: true, out var line);
                _ = HttpFields.Check(line, isRequest: true);
            }

            (_state, consumed) = (State.Data, end + 2);
            frame = new(MultipartKind.Head, buffer[..end]);
            return true;
        }

        private int PartOfDelimiter(ReadOnlySpan<byte> text)
        {
            for (var length = Math.Min(delimiter.Length - 1, text.Length); length > 0; length--)
            {
                if (text[^length..].SequenceEqual(delimiter.AsSpan(0, length)))
                {
                    return length;
                }
            }

            return 0;
        }

        private static HttpRefusedException Refused(string reason) => new(400, "RFC 2046 §5.1.1", reason);
    }
}
