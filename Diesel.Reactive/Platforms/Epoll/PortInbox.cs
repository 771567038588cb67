using System.Runtime.InteropServices;

namespace Diesel.Reactive;

/// <summary>Where sockets receive that have one peer and mostly one datagram: two at a call of the system, so that the call tells whether there was one only.</summary>
internal sealed unsafe class PortInbox
{
    /// <summary>Datagrams that a call receives at most.</summary>
    public const int Most = 2;

    private const int Largest = 64 * 1024;

    private readonly byte[] _payloads = GC.AllocateUninitializedArray<byte>(Most * Largest, pinned: true);
    private readonly Libc.Vector[] _vectors = GC.AllocateUninitializedArray<Libc.Vector>(Most, pinned: true);
    private readonly Libc.CountedMessage[] _messages = GC.AllocateArray<Libc.CountedMessage>(Most, pinned: true);

    public PortInbox()
    {
        for (var i = 0; i < Most; i++)
        {
            _vectors[i] = new() { Start = At(_payloads, i * Largest), Length = Largest };
            _messages[i].Message = new() { Vectors = At(_vectors, i), VectorCount = 1 };
        }
    }

    /// <summary>Receives what there is.</summary>
    /// <returns>How many; -1: none, with the reason in <see cref="Libc.LastError"/>.</returns>
    public int Receive(int socket) => Libc.ReceiveMessages(socket, At(_messages, 0), Most, 0, null);

    /// <summary>The bytes of one, until the next call.</summary>
    public ReadOnlyMemory<byte> PayloadAt(int index) => _payloads.AsMemory(index * Largest, (int)_messages[index].Length);

    private static T* At<T>(T[] pinned, int index)
        where T : unmanaged => (T*)Marshal.UnsafeAddrOfPinnedArrayElement(pinned, index);
}
