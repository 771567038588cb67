using System.Buffers.Binary;
using System.Net.WebSockets;
using System.Text;
using System.Text.Unicode;

namespace Diesel.Reactive.Protocols.Http;

/// <summary>What a Close frame holds (RFC 6455 §5.5.1): nothing, or a status and a reason.</summary>
internal static class WebSocketClosing
{
    /// <summary>Bytes of a reason: what a control frame holds beside the status.</summary>
    public const int MostOfReason = 123;

    /// <summary>What a peer has said.</summary>
    /// <exception cref="WebSocketRefusedException">It is none that may be said.</exception>
    public static (WebSocketCloseStatus? Status, string Reason) Read(ReadOnlySpan<byte> payload)
    {
        if (payload.IsEmpty)
        {
            return (null, "");
        }

        if (payload.Length == 1 || !IsSayable(BinaryPrimitives.ReadUInt16BigEndian(payload)))
        {
            throw WebSocketRefusedException.Of("RFC 6455 §7.4", "A Close frame has no status that may be sent");
        }

        return Utf8.IsValid(payload[2..])
            ? ((WebSocketCloseStatus)BinaryPrimitives.ReadUInt16BigEndian(payload), Encoding.UTF8.GetString(payload[2..]))
            : throw new WebSocketRefusedException(WebSocketCloseStatus.InvalidPayloadData, "RFC 6455 §5.5.1", "The reason of a Close frame is not UTF-8");
    }

    /// <summary>What is sent; null: nothing.</summary>
    public static byte[] Write(WebSocketCloseStatus? status, string reason)
    {
        if (status is null)
        {
            return [];
        }

        var payload = new byte[2 + Encoding.UTF8.GetByteCount(reason)];
        BinaryPrimitives.WriteUInt16BigEndian(payload, (ushort)status);
        Encoding.UTF8.GetBytes(reason, payload.AsSpan(2));
        return payload;
    }

    /// <exception cref="ArgumentException">It is none that may be sent.</exception>
    public static void Check(WebSocketCloseStatus status, string reason)
    {
        ArgumentNullException.ThrowIfNull(reason);
        if (!IsSayable((int)status))
        {
            throw new ArgumentOutOfRangeException(nameof(status), status, "Of the registered statuses 1004, 1005, 1006 and 1015 are never sent; one's own are 3000 to 4999.");
        }

        if (Encoding.UTF8.GetByteCount(reason) > MostOfReason)
        {
            throw new ArgumentException($"A reason has at most {MostOfReason} bytes.", nameof(reason));
        }
    }

    // §7.4.1, §7.4.2, and what was registered since.
    private static bool IsSayable(int status) => status is (>= 1000 and <= 1003) or (>= 1007 and <= 1014) or (>= 3000 and <= 4999);
}
