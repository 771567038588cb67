using System.Buffers.Text;

namespace Diesel.Reactive.Protocols.Memcached;

/// <summary>A key, checked: as it is written, and whether that is base64.</summary>
/// <remarks>A line that is refused shifts every later reply where a value follows it, so nothing is sent that could be. Source: memcached's
/// <c>doc/protocol.txt</c>, "Keys".</remarks>
internal readonly struct MemcachedKey
{
    public const int MostWritten = 250;
    public const int MostBinary = 186;

    private const byte Delete = 0x7f;

    private MemcachedKey(ReadOnlyMemory<byte> written, bool isBase64) => (Written, IsBase64) = (written, isBase64);

    /// <summary>As it stands in a request.</summary>
    public ReadOnlyMemory<byte> Written { get; }

    /// <summary>Whether the server is to take it for base64 (flag <c>b</c>).</summary>
    public bool IsBase64 { get; }

    /// <summary>Checks a key; one with spaces or control characters is written in base64.</summary>
    /// <exception cref="ArgumentException">It is empty or too long.</exception>
    public static MemcachedKey Of(Bytes key)
    {
        if (key.IsEmpty)
        {
            throw new ArgumentException("A key has at least one byte.", nameof(key));
        }

        var isPlain = IsPlain(key.Span);
        var most = isPlain ? MostWritten : MostBinary;
        if (key.Length > most)
        {
            throw new ArgumentException(
                $"A key has at most {MostWritten} bytes, and {MostBinary} when there is a space or a control character in it; this one has {key.Length}.", nameof(key));
        }

        if (isPlain)
        {
            return new(key.Memory, isBase64: false);
        }

        var written = new byte[Base64.GetMaxEncodedToUtf8Length(key.Length)];
        Base64.EncodeToUtf8(key.Span, written, out _, out var length);
        return new(written.AsMemory(0, length), isBase64: true);
    }

    /// <summary>Whether a key can be written as it is.</summary>
    public static bool IsPlain(ReadOnlySpan<byte> key) => !key.ContainsAnyInRange((byte)0, (byte)' ') && !key.Contains(Delete);

    /// <summary>The flag that says how it is written, as it stands behind it.</summary>
    public ReadOnlySpan<byte> Flag => IsBase64 ? " b"u8 : default;
}
