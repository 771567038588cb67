using System.IO.Compression;

namespace Diesel.Reactive.Protocols.Http;

/// <summary>Compresses messages (RFC 7692 §7.2.1).</summary>
internal sealed class MessageDeflater(CompressionLevel level, bool keepsContext) : IDisposable
{
    private const int MostKept = 64 * 1024;

    private static readonly byte[] Nothing = [0];

    private readonly MemoryStream _sink = new();
    private DeflateStream? _stream;

    /// <summary>Some of a message.</summary>
    /// <param name="bytes">May be empty.</param>
    /// <param name="isLast">Whether the message ends with it.</param>
    /// <returns>What to send; good until the next call.</returns>
    public ReadOnlySpan<byte> Deflate(ReadOnlySpan<byte> bytes, bool isLast)
    {
        _sink.SetLength(0);
        if (!bytes.IsEmpty)
        {
            _stream ??= new DeflateStream(_sink, level, leaveOpen: true);
            _stream.Write(bytes);
            _stream.Flush();
        }

        var all = _sink.GetBuffer().AsSpan(0, (int)_sink.Length);
        if (isLast)
        {
            // §7.2.3.6: what is empty is the header of a block without content.
            all = all.EndsWith((ReadOnlySpan<byte>)[0, 0, 0xff, 0xff]) ? all[..^4] : all.IsEmpty ? Nothing : all;
        }

        return all;
    }

    /// <summary>The message was sent.</summary>
    public void End()
    {
        if (!keepsContext)
        {
            Dispose();
        }

        if (_sink.Capacity > MostKept)
        {
            _sink.SetLength(0);
            _sink.Capacity = 0;
        }
    }

    public void Dispose()
    {
        _stream?.Dispose();
        _stream = null;
    }
}
