using System.Buffers;
using System.Buffers.Binary;
using System.IO.Compression;
using System.Runtime.InteropServices;

namespace Diesel.Reactive.Protocols.MongoDB;

/// <summary><c>OP_COMPRESSED</c>: int32 originalOpcode, int32 uncompressedSize, uint8 compressorId, bytes.</summary>
internal static class MongoCompression
{
    private const int PrefixLength = 9;

    // Memory is taken as bytes come out, whatever was announced.
    private const int Step = 64 * 1024;

    /// <summary>What is within.</summary>
    public static (MongoOperation Operation, ReadOnlyMemory<byte> Body) Inflate(ReadOnlyMemory<byte> bytes, MongoCompressor agreed, int maxLength)
    {
        if (bytes.Length < PrefixLength)
        {
            throw new ProtocolException("A compressed message is cut short.");
        }

        var (operation, size, id) = ((MongoOperation)Int32(bytes.Span), Int32(bytes.Span[4..]), (MongoCompressor)bytes.Span[8]);
        if (id != agreed || agreed == MongoCompressor.None)
        {
            throw new ProtocolException($"A message is compressed in the way {(int)id}, which was not agreed upon.");
        }

        if (size < 0 || size > maxLength - MongoCodec.HeaderLength)
        {
            throw new FrameTooLongException(size < 0 ? int.MaxValue : size, maxLength);
        }

        return (operation, Inflated(bytes[PrefixLength..], size));
    }

    /// <summary>Passes a message on, compressed if that was agreed upon.</summary>
    public static void Copy(ReadOnlySpan<byte> message, MongoCompressor compressor, IBufferWriter<byte> output)
    {
        if (compressor == MongoCompressor.None)
        {
            output.Write(message);
            return;
        }

        using var deflated = new MemoryStream();
        using (var stream = new ZLibStream(deflated, CompressionLevel.Fastest, leaveOpen: true))
        {
            stream.Write(message[MongoCodec.HeaderLength..]);
        }

        var length = MongoCodec.HeaderLength + PrefixLength + (int)deflated.Length;
        var room = output.GetSpan(length);
        message[..12].CopyTo(room);
        BinaryPrimitives.WriteInt32LittleEndian(room, length);
        BinaryPrimitives.WriteInt32LittleEndian(room[12..], (int)MongoOperation.Compressed);
        message[12..16].CopyTo(room[16..]);
        BinaryPrimitives.WriteInt32LittleEndian(room[20..], message.Length - MongoCodec.HeaderLength);
        room[24] = (byte)compressor;
        deflated.GetBuffer().AsSpan(0, (int)deflated.Length).CopyTo(room[25..]);
        output.Advance(length);
    }

    private static ReadOnlyMemory<byte> Inflated(ReadOnlyMemory<byte> bytes, int size)
    {
        using var source = MemoryMarshal.TryGetArray(bytes, out var array) ? new MemoryStream(array.Array!, array.Offset, array.Count, writable: false) : new(bytes.ToArray());
        using var stream = new ZLibStream(source, CompressionMode.Decompress);
        var inflated = new byte[Math.Min(size, Step)];
        var length = 0;
        try
        {
            while (length < size)
            {
                if (length == inflated.Length)
                {
                    Array.Resize(ref inflated, (int)Math.Min(size, 2L * length));
                }

                var read = stream.Read(inflated, length, inflated.Length - length);
                length = read > 0 ? length + read : throw new ProtocolException($"A compressed message says that it has {size} bytes, and has {length}.");
            }

            return stream.ReadByte() < 0 ? inflated.AsMemory(0, size) : throw new ProtocolException($"A compressed message says that it has {size} bytes, and has more.");
        }
        catch (InvalidDataException error)
        {
            throw new ProtocolException("A compressed message cannot be read.", error);
        }
    }

    private static int Int32(ReadOnlySpan<byte> bytes) => BinaryPrimitives.ReadInt32LittleEndian(bytes);
}
