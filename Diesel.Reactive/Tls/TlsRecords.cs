using System.Buffers.Binary;

namespace Diesel.Reactive;

/// <summary>Where TLS records end: <c>ContentType type; ProtocolVersion legacy_record_version; uint16 length;</c> and as many bytes (RFC 8446
/// §5.1, RFC 5246 §6.2.1).</summary>
internal static class TlsRecords
{
    private const int HeaderLength = 5;

    // RFC 5246 §6.2.3: 2^14 bytes and 2048 more; TLS 1.3 allows fewer.
    private const int MostPayload = 16 * 1024 + 2048;

    /// <summary>Whether a handshake may begin like this: with a handshake message, or a peer's alert.</summary>
    public static bool CanBegin(byte first) => first is 22 or 21;

    /// <summary>The first record's length, if it is whole; else 0.</summary>
    /// <param name="bytes">From the beginning of a record on. What is none counts as one: it is for TLS to say what is wrong with it.</param>
    /// <param name="missing">Bytes that are missing at least.</param>
    public static int First(ReadOnlySpan<byte> bytes, out int missing)
    {
        missing = HeaderLength - bytes.Length;
        if (missing > 0)
        {
            return 0;
        }

        var payload = BinaryPrimitives.ReadUInt16BigEndian(bytes[3..]);
        missing = payload > MostPayload ? 0 : HeaderLength + payload - bytes.Length;
        return missing > 0 ? 0 : payload > MostPayload ? bytes.Length : HeaderLength + payload;
    }
}
