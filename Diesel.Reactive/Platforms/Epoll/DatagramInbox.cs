using System.Runtime.InteropServices;

namespace Diesel.Reactive;

/// <summary>Where a loop's datagram sockets receive, one after the other: many datagrams at a call of the system.</summary>
/// <remarks>Each has room for the largest datagram there is, or for a run of one sender's that the system has put together (GRO). Memory that no
/// datagram has ever needed is never touched.</remarks>
internal sealed unsafe class DatagramInbox
{
    /// <summary>Datagrams, or runs of them, a call receives at most.</summary>
    public const int Most = 32;

    private const int Largest = 64 * 1024;
    private const int ControlLength = 64;
    private const int CutOff = 0x20;
    private const int UdpLevel = 17;
    private const int SegmentLengths = 104;

    private readonly byte[] _payloads = GC.AllocateUninitializedArray<byte>(Most * Largest, pinned: true);
    private readonly byte[] _addresses = GC.AllocateUninitializedArray<byte>(Most * EndPointCache.Capacity, pinned: true);
    private readonly byte[] _controls = GC.AllocateUninitializedArray<byte>(Most * ControlLength, pinned: true);
    private readonly Libc.Vector[] _vectors = GC.AllocateUninitializedArray<Libc.Vector>(Most, pinned: true);
    private readonly Libc.CountedMessage[] _messages = GC.AllocateUninitializedArray<Libc.CountedMessage>(Most, pinned: true);

    public DatagramInbox()
    {
        for (var i = 0; i < Most; i++)
        {
            _vectors[i] = new() { Start = At(_payloads, i * Largest), Length = Largest };
            _messages[i].Message = new() { Name = At(_addresses, i * EndPointCache.Capacity), Vectors = At(_vectors, i), VectorCount = 1, Control = At(_controls, i * ControlLength) };
        }
    }

    /// <summary>Has the system put runs of datagrams together, if it can.</summary>
    public static void AskForRuns(int socket)
    {
        var on = 1;
        _ = Libc.SetSocketOption(socket, UdpLevel, SegmentLengths, &on, sizeof(int));
    }

    /// <summary>Receives what there is.</summary>
    /// <returns>How many; -1: none, with the reason in <see cref="Libc.LastError"/>.</returns>
    public int Receive(int socket)
    {
        for (var i = 0; i < Most; i++)
        {
            ref var message = ref _messages[i].Message;
            (message.NameLength, message.ControlLength, message.Flags) = (EndPointCache.Capacity, ControlLength, 0);
        }

        return Libc.ReceiveMessages(socket, At(_messages, 0), Most, 0, null);
    }

    /// <summary>The sender of one, in the system's form.</summary>
    public ReadOnlySpan<byte> AddressAt(int index) =>
        new(At(_addresses, index * EndPointCache.Capacity), (int)Math.Clamp((int)_messages[index].Message.NameLength, 0, EndPointCache.Capacity));

    /// <summary>The bytes of one; of a run all of them.</summary>
    public ReadOnlySpan<byte> PayloadAt(int index) => new(At(_payloads, index * Largest), (int)_messages[index].Length);

    /// <summary>Whether one was longer than there is room.</summary>
    public bool IsCutAt(int index) => ((int)_messages[index].Message.Flags & CutOff) != 0;

    /// <summary>How long each datagram of a run is, but for the last, which may be shorter; 0: it is one datagram.</summary>
    public int SegmentLengthAt(int index)
    {
        // struct cmsghdr: a length of eight bytes that counts these sixteen, level, type; then the value.
        var control = new ReadOnlySpan<byte>(At(_controls, index * ControlLength), (int)Math.Clamp(_messages[index].Message.ControlLength, 0, ControlLength));
        while (control.Length >= 20)
        {
            var length = MemoryMarshal.Read<long>(control);
            if (MemoryMarshal.Read<int>(control[8..]) == UdpLevel && MemoryMarshal.Read<int>(control[12..]) == SegmentLengths)
            {
                return MemoryMarshal.Read<int>(control[16..]);
            }

            control = length is >= 16 and < ControlLength ? control[(int)Math.Min(control.Length, (length + 7) & ~7)..] : default;
        }

        return 0;
    }

    private static T* At<T>(T[] pinned, int index)
        where T : unmanaged => (T*)Marshal.UnsafeAddrOfPinnedArrayElement(pinned, index);
}
