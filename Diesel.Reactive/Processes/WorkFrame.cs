using System.Buffers.Binary;
using System.Text;

namespace Diesel.Reactive;

/// <summary>A call or a reply between a pool and its processes.</summary>
/// <param name="Number">Of the call; its reply repeats it, so that what a process prints by itself is no reply.</param>
/// <param name="Kind">What it is.</param>
/// <param name="Payload">Of the work.</param>
internal readonly record struct WorkFrame(uint Number, WorkKind Kind, ReadOnlyMemory<byte> Payload)
{
    public const int PrefixLength = sizeof(int);

    private const int HeadLength = sizeof(uint) + 1;
    private const char Parting = '\0';

    /// <param name="maxLength">Bytes of the longest payload.</param>
    public static Framing<WorkFrame> Replies(int maxLength) =>
        Framing.LengthPrefixed(size: PrefixLength, maxLength: maxLength + HeadLength).Where(static bytes => bytes.Length >= HeadLength).Select(static bytes => Read(bytes));

    public static WorkFrame Failure(uint number, Exception error) => new(
        number,
        WorkKind.Failure,
        Encoding.UTF8.GetBytes($"{error.GetType().FullName}{Parting}{Label.MessageOf(error)}{Parting}{error.StackTrace}"));

    public ReadOnlyMemory<byte> ToBytes()
    {
        var bytes = new byte[PrefixLength + HeadLength + Payload.Length];
        BinaryPrimitives.WriteInt32BigEndian(bytes, HeadLength + Payload.Length);
        BinaryPrimitives.WriteUInt32BigEndian(bytes.AsSpan(PrefixLength), Number);
        bytes[PrefixLength + sizeof(uint)] = (byte)Kind;
        Payload.CopyTo(bytes.AsMemory(PrefixLength + HeadLength));
        return bytes;
    }

    /// <summary>What it says of a failure.</summary>
    public RemoteException ToException()
    {
        var parts = Encoding.UTF8.GetString(Payload.Span).Split(Parting, 3);
        return new RemoteException(parts[0], parts.ElementAtOrDefault(1) ?? "", parts.ElementAtOrDefault(2) ?? "");
    }

    /// <summary>A frame without its length.</summary>
    public static WorkFrame Read(ReadOnlyMemory<byte> bytes) =>
        new(BinaryPrimitives.ReadUInt32BigEndian(bytes.Span), (WorkKind)bytes.Span[sizeof(uint)], bytes[HeadLength..]);
}

/// <summary>What a frame is.</summary>
internal enum WorkKind : byte
{
    Call,
    Result,
    Failure,
}
