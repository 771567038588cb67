using System.Runtime.InteropServices;

namespace Diesel.Reactive;

/// <summary>What a loop's datagram sockets send in a turn: handed to the system at the turn's end, many at a call. A run to one receiver, of one length, is one
/// message that the system takes apart again (GSO). The loop's thread only.</summary>
internal sealed unsafe class DatagramOutbox(IHub hub, EndPointCache endPoints)
{
    private const int Most = 64;
    private const int Room = 128 * 1024;
    private const int MostInRun = 60;
    private const int LongestInRun = 1400;
    private const int MostBytesInRun = 65_000;
    private const int ControlLength = 24;
    private const int UdpLevel = 17;
    private const int SegmentLength = 103;

    private static readonly Action<object?> FlushAtTurnEnd = static outbox => ((DatagramOutbox)outbox!).EndTurn();

    private readonly byte[] _payloads = GC.AllocateUninitializedArray<byte>(Room, pinned: true);
    private readonly byte[] _addresses = GC.AllocateUninitializedArray<byte>(Most * EndPointCache.Capacity, pinned: true);
    private readonly byte[] _controls = GC.AllocateUninitializedArray<byte>(Most * ControlLength, pinned: true);
    private readonly Libc.Vector[] _vectors = GC.AllocateUninitializedArray<Libc.Vector>(Most, pinned: true);
    private readonly Libc.CountedMessage[] _messages = GC.AllocateUninitializedArray<Libc.CountedMessage>(Most, pinned: true);
    private readonly Run[] _runs = new Run[Most];
    private EpollDatagrams? _socket;
    private int _count;
    private int _used;
    private bool _willFlush;
    private bool _isSending;

    /// <summary>One more, sent by the end of the turn.</summary>
    /// <returns>False: it does not fit, however little waits. It is to be sent by itself.</returns>
    public bool TryAdd(EpollDatagrams socket, Datagram datagram)
    {
        // What somebody does who is told of an error does not come between what is being sent.
        if (_isSending || datagram.Payload.Length > Room)
        {
            return false;
        }

        if (_socket != socket || _used + datagram.Payload.Length > Room)
        {
            Flush();
            _socket = socket;
        }

        if (!TryLengthen(socket, datagram))
        {
            Begin(socket, datagram);
        }

        if (!_willFlush)
        {
            _willFlush = true;
            hub.AtTurnEnd(FlushAtTurnEnd, this);
        }

        return true;
    }

    /// <summary>Sends what waits.</summary>
    public void Flush()
    {
        if (_count == 0)
        {
            return;
        }

        var (socket, count) = (_socket!, _count);
        _isSending = true;
        List<Exception>? errors = null;
        for (var next = 0; next < count;)
        {
            next = SendFrom(socket, next, count, ref errors);
        }

        Array.Clear(_runs, 0, count);
        (_socket, _count, _used, _isSending) = (null, 0, 0, false);
        errors?.ForEach(socket.Fail);
    }

    /// <summary>Sends what waits of this socket.</summary>
    public void Flush(EpollDatagrams socket)
    {
        if (_socket == socket && !_isSending)
        {
            Flush();
        }
    }

    private void EndTurn()
    {
        _willFlush = false;
        Flush();
    }

    private bool TryLengthen(EpollDatagrams socket, Datagram datagram)
    {
        var length = datagram.Payload.Length;
        if (_count == 0 || !socket.SendsRuns)
        {
            return false;
        }

        ref var last = ref _runs[_count - 1];
        if (!last.IsOpen || length == 0 || length > last.Length || last.Length > LongestInRun || last.Count == MostInRun || last.Bytes + length > MostBytesInRun
            || !last.IsTo(datagram))
        {
            return false;
        }

        datagram.Payload.Span.CopyTo(_payloads.AsSpan(_used));
        _used += length;
        _vectors[_count - 1].Length += length;
        last.Count++;
        last.Bytes += length;

        // A shorter one is the last of its run.
        last.IsOpen = length == last.Length;
        return true;
    }

    private void Begin(EpollDatagrams socket, Datagram datagram)
    {
        if (_count == Most)
        {
            Flush();
            _socket = socket;
        }

        // What has no such address throws before it takes a place.
        var address = socket.IsConnected ? default : endPoints.AddressOf(datagram.RemoteEndPoint, socket.Family);
        var (index, length) = (_count++, datagram.Payload.Length);
        datagram.Payload.Span.CopyTo(_payloads.AsSpan(_used));
        _runs[index] = new Run { First = datagram, Count = 1, Length = length, Bytes = length, Start = _used, IsOpen = true };
        _vectors[index] = new() { Start = At(_payloads, _used), Length = length };
        _used += length;
        ref var message = ref _messages[index].Message;
        message = new() { Vectors = At(_vectors, index), VectorCount = 1 };
        if (!socket.IsConnected)
        {
            address.CopyTo(_addresses.AsSpan(index * EndPointCache.Capacity));
            message.Name = At(_addresses, index * EndPointCache.Capacity);
            message.NameLength = address.Length;
        }
    }

    private int SendFrom(EpollDatagrams socket, int next, int count, ref List<Exception>? errors)
    {
        for (var i = next; i < count; i++)
        {
            AnnounceRun(i);
        }

        var sent = Libc.SendMessages(socket.Descriptor, At(_messages, next), count - next, Libc.NoSignal);
        if (sent > 0)
        {
            return next + sent;
        }

        var errno = Libc.LastError;
        if (errno == Libc.EINTR)
        {
            return next;
        }

        if (_runs[next].Count > 1)
        {
            // Each by itself; when that works, the system cannot take runs apart, or the way out cannot.
            var before = errors?.Count ?? 0;
            SendApart(socket, _runs[next], ref errors);
            socket.SendsRuns &= (errors?.Count ?? 0) > before || errno == Libc.EAGAIN;
            return next + 1;
        }

        // A full kernel throws datagrams away, as the network would; of Unix sockets it is the receiver that is full.
        var error = Descriptors.ErrorOf(errno);
        return socket.Refused(error, _runs[next].First, ref errors) ? next
            : SocketErrors.WouldBlock(error) && !socket.IsUnix ? count
            : next + 1;
    }

    private void SendApart(EpollDatagrams socket, in Run run, ref List<Exception>? errors)
    {
        for (var i = 0; i < run.Count; i++)
        {
            var start = run.Start + (i * run.Length);
            var length = Math.Min(run.Length, run.Start + run.Bytes - start);
            socket.SendNow(run.First with { Payload = _payloads.AsMemory(start, length) }, ref errors);
        }
    }

    // struct cmsghdr, as for the inbox; the length of a segment has two bytes.
    private void AnnounceRun(int index)
    {
        if (_runs[index].Count == 1)
        {
            return;
        }

        var control = _controls.AsSpan(index * ControlLength, ControlLength);
        control.Clear();
        MemoryMarshal.Write(control, 18L);
        MemoryMarshal.Write(control[8..], UdpLevel);
        MemoryMarshal.Write(control[12..], SegmentLength);
        MemoryMarshal.Write(control[16..], (ushort)_runs[index].Length);
        ref var message = ref _messages[index].Message;
        message.Control = At(_controls, index * ControlLength);
        message.ControlLength = ControlLength;
    }

    private static T* At<T>(T[] pinned, int index)
        where T : unmanaged => (T*)Marshal.UnsafeAddrOfPinnedArrayElement(pinned, index);

    private struct Run
    {
        public Datagram First;
        public int Count;
        public int Length;
        public int Bytes;
        public int Start;
        public bool IsOpen;

        public readonly bool IsTo(Datagram other) => ReferenceEquals(First.RemoteEndPoint, other.RemoteEndPoint);
    }
}
