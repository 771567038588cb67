using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using Diesel.Reactive.Benchmarks.Harness;

namespace Diesel.Reactive.Benchmarks.Echo;

/// <summary>One client: sends lines off the tape, checks what comes back, and times each line.</summary>
internal sealed unsafe class LoadConnection : IDisposable
{
    public const int MaxDepth = LineTape.MaxSlice / LineTape.LineLength;
    const int BufferLength = LineTape.MaxSlice;

    // All connections receive on one thread, into one buffer, and keep nothing there.
    static readonly byte[] Buffer = GC.AllocateUninitializedArray<byte>(BufferLength, pinned: true);

    readonly Socket _socket = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
    readonly int _descriptor;
    readonly int _key;
    readonly LineTape _tape;
    readonly Epoll _epoll;
    readonly LatencyHistogram _latencies;
    readonly long[] _sentAt;
    readonly long _origin;
    long _queued;
    long _sent;
    long _received;
    bool _waitsForRoom;

    public LoadConnection(int port, int key, int depth, LineTape tape, Epoll epoll, LatencyHistogram latencies)
    {
        (_key, _tape, _epoll, _latencies) = (key, tape, epoll, latencies);
        _sentAt = new long[depth];
        _origin = (long)key * LineTape.LineLength;
        _socket.Connect(IPAddress.Loopback, port);
        _descriptor = (int)_socket.SafeHandle.DangerousGetHandle();
        _epoll.Add(_descriptor, _key, Epoll.Interest.In);
    }

    public void Start() => SendMore(_sentAt.Length, Stopwatch.GetTimestamp());

    /// <summary>The socket is ready: take what came back and send as many new lines.</summary>
    public void Continue()
    {
        if (_waitsForRoom)
        {
            Flush();
        }

        fixed (byte* buffer = Buffer)
        {
            var length = Epoll.Receive(_descriptor, buffer, BufferLength);
            if (length == 0)
            {
                throw new NoResultException("the server closed a connection");
            }

            if (length > 0)
            {
                Verify(new ReadOnlySpan<byte>(buffer, length));
                var now = Stopwatch.GetTimestamp();
                SendMore(Complete(length, now), now);
            }
        }
    }

    public void Dispose() => _socket.Dispose();

    void Verify(ReadOnlySpan<byte> bytes)
    {
        var expected = new ReadOnlySpan<byte>(_tape.At(_origin + _received), bytes.Length);
        if (!bytes.SequenceEqual(expected) || _received + bytes.Length > _sent)
        {
            throw new NoResultException($"connection {_key} got back what it had not sent, after {_received} bytes");
        }
    }

    int Complete(int length, long now)
    {
        var first = _received / LineTape.LineLength;
        _received += length;
        var end = _received / LineTape.LineLength;
        for (var line = first; line < end; line++)
        {
            _latencies.Add(now - _sentAt[line % _sentAt.Length]);
        }

        return (int)(end - first);
    }

    void SendMore(int lines, long now)
    {
        if (lines == 0)
        {
            return;
        }

        var next = _queued / LineTape.LineLength;
        for (var line = next; line < next + lines; line++)
        {
            _sentAt[line % _sentAt.Length] = now;
        }

        _queued += lines * LineTape.LineLength;
        Flush();
    }

    void Flush()
    {
        while (_sent < _queued)
        {
            var sent = Epoll.Send(_descriptor, _tape.At(_origin + _sent), (int)(_queued - _sent));
            if (sent <= 0)
            {
                break;
            }

            _sent += sent;
        }

        if (_waitsForRoom != (_sent < _queued))
        {
            _waitsForRoom = !_waitsForRoom;
            _epoll.Modify(_descriptor, _key, Epoll.Interest.In | (_waitsForRoom ? Epoll.Interest.Out : 0));
        }
    }
}
