using System.IO.Compression;
using System.Net.WebSockets;

namespace Diesel.Reactive.Protocols.Http;

/// <summary>Inflates messages (RFC 7692 §7.2.2), as much at a time as somebody wants.</summary>
internal sealed class MessageInflater(bool keepsContext) : IDisposable
{
    private readonly Feed _feed = new();
    private DeflateStream? _stream;

    /// <summary>Some more of a message.</summary>
    public void Give(ReadOnlyMemory<byte> bytes, bool isLast) => _feed.Add(bytes, isLast);

    /// <summary>What it is inflated to.</summary>
    /// <param name="room">Where it goes.</param>
    /// <returns>How many bytes; 0: that was all of what was given.</returns>
    /// <exception cref="WebSocketRefusedException">It is nothing that was compressed.</exception>
    public int Read(Span<byte> room)
    {
        _stream ??= new DeflateStream(_feed, CompressionMode.Decompress);
        try
        {
            return _stream.Read(room);
        }
        catch (InvalidDataException)
        {
            throw new WebSocketRefusedException(WebSocketCloseStatus.InvalidPayloadData, "RFC 7692 §7.2.2", "A message does not inflate");
        }
    }

    /// <summary>The message has ended, and all of it was read.</summary>
    public void End()
    {
        // A compressor may end its stream with a message, and begin another with the next (§7.2.3.4): then more was not asked for.
        if (!keepsContext || !_feed.WasAskedForMore)
        {
            Dispose();
        }

        _feed.Clear();
    }

    public void Dispose()
    {
        _stream?.Dispose();
        _stream = null;
    }

    /// <summary>What is compressed, and what each message is sent without.</summary>
    private sealed class Feed : Stream
    {
        private static readonly byte[] Tail = [0, 0, 0xff, 0xff];

        private ReadOnlyMemory<byte> _bytes;
        private ReadOnlyMemory<byte> _tail;

        public bool WasAskedForMore { get; private set; }

        public override bool CanRead => true;

        public override bool CanSeek => false;

        public override bool CanWrite => false;

        public override long Length => throw new NotSupportedException();

        public override long Position { get => throw new NotSupportedException(); set => throw new NotSupportedException(); }

        public void Add(ReadOnlyMemory<byte> bytes, bool isLast) => (_bytes, _tail, WasAskedForMore) = (bytes, isLast ? Tail : default, false);

        public void Clear() => (_bytes, _tail) = (default, default);

        public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));

        public override int Read(Span<byte> buffer)
        {
            if (_bytes.IsEmpty)
            {
                (_bytes, _tail) = (_tail, default);
                WasAskedForMore |= _bytes.IsEmpty;
            }

            var count = Math.Min(buffer.Length, _bytes.Length);
            _bytes.Span[..count].CopyTo(buffer);
            _bytes = _bytes[count..];
            return count;
        }

        public override void Flush()
        {
        }

        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

        public override void SetLength(long value) => throw new NotSupportedException();

        public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();
    }
}
