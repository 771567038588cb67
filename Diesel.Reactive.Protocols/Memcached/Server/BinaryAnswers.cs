using System.Buffers.Binary;

namespace Diesel.Reactive.Protocols.Memcached;

/// <summary>Answers of the binary protocol.</summary>
/// <remarks>Source: memcached's <c>doc/protocol-binary.txt</c>.</remarks>
internal sealed class BinaryAnswers(MemcachedAnswers answers)
{
    private const byte ResponseMagic = 0x81;

    /// <summary>What is answered.</summary>
    public BinaryHeader Request { get; set; }

    /// <summary>It went as it was asked for.</summary>
    public void Answer(ReadOnlySpan<byte> extras = default, ReadOnlySpan<byte> key = default, ReadOnlyMemory<byte> value = default, ulong cas = 0)
    {
        Head(BinaryStatus.Ok, extras.Length, key.Length, extras.Length + key.Length + value.Length, cas);
        answers.Bytes(extras);
        answers.Bytes(key);
        answers.Value(value);
    }

    /// <summary>It did not.</summary>
    public void Refuse(BinaryStatus status)
    {
        var text = status switch
        {
            BinaryStatus.KeyNotFound => "Not found"u8,
            BinaryStatus.KeyExists => "Data exists for key."u8,
            BinaryStatus.TooLarge => "Too large."u8,
            BinaryStatus.InvalidArguments => "Invalid arguments"u8,
            BinaryStatus.NotStored => "Not stored."u8,
            BinaryStatus.NotNumeric => "Non-numeric server-side value for incr or decr"u8,
            _ => "Unknown command"u8,
        };
        Head(status, 0, 0, text.Length, 0);
        answers.Bytes(text);
    }

    private void Head(BinaryStatus status, int extras, int key, int body, ulong cas)
    {
        var head = answers.Take(BinaryHeader.Length);
        head.Clear();
        (head[0], head[1], head[4]) = (ResponseMagic, Request.Operation, (byte)extras);
        BinaryPrimitives.WriteUInt16BigEndian(head[2..], (ushort)key);
        BinaryPrimitives.WriteUInt16BigEndian(head[6..], (ushort)status);
        BinaryPrimitives.WriteUInt32BigEndian(head[8..], (uint)body);
        BinaryPrimitives.WriteUInt32BigEndian(head[12..], Request.Opaque);
        BinaryPrimitives.WriteUInt64BigEndian(head[16..], cas);
    }

    /// <summary>There is no item, and the key is said.</summary>
    public void RefuseWithKey(ReadOnlySpan<byte> key)
    {
        Head(BinaryStatus.KeyNotFound, 0, key.Length, key.Length, 0);
        answers.Bytes(key);
    }
}
