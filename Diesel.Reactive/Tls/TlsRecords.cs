using System.Buffers.Binary;

namespace Diesel.Reactive;

/// <summary>Where TLS records end: <c>ContentType type; ProtocolVersion legacy_record_version; uint16 length;</c> and as many bytes (RFC 8446
/// §5.1, RFC 5246 §6.2.1).</summary>
internal static class TlsRecords
{
    /// <summary>The most plain text of a record.</summary>
    public const int MostPlain = 16 * 1024;

    private const int HeaderLength = 5;

    // What TLS 1.2 and 1.3 add with the ciphers of today: header, explicit nonce, type and tag.
    private const int Added = 40;

    // RFC 5246 §6.2.3: 2^14 bytes and 2048 more; TLS 1.3 allows fewer.
    private const int MostPayload = 16 * 1024 + 2048;

    /// <summary>Whether a handshake may begin like this: with a handshake message, or a peer's alert.</summary>
    public static bool CanBegin(byte first) => first is 22 or 21;

    /// <summary>About how long so much plain text is in records.</summary>
    public static int LengthFor(int plain) => plain + (((plain / MostPlain) + 1) * Added);

    /// <summary>Whether a record of a handshake comes behind the exchange of keys: change_cipher_spec, or what TLS 1.3 has encrypted.</summary>
    public static bool IsBehindKeys(byte first) => first is 20 or 23;

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
