using System.Net;
using System.Net.Sockets;
using System.Text;
using Diesel.Reactive.Benchmarks.Harness;

namespace Diesel.Reactive.Benchmarks.Memcached;

/// <summary>Closed-loop load on a memcached server: every connection asks for as many values as its depth, and again when all are there.</summary>
internal sealed unsafe class MemcachedServiceGenerator : Generator
{
    public const string Usage = "load-memcached-service --port P --connections N --depth D --seconds S [--warmup 8] [--server PID]";

    static readonly int ReplyLength = "VA 64\r\n".Length + MemcachedWorkload.Length + "\r\n".Length;

    readonly byte[] _requests;
    readonly byte[] _replies;
    readonly byte[] _received = GC.AllocateUninitializedArray<byte>(64 * 1024, pinned: true);
    readonly (Socket Socket, int Descriptor)[] _sockets;
    readonly int[] _have;
    readonly int _depth;
    long _done;

    MemcachedServiceGenerator(CommandLine options)
    {
        var port = options.Int("--port");
        _depth = options.Int("--depth");
        _requests = Pinned(string.Concat(Enumerable.Range(0, _depth).Select(static number => $"mg {MemcachedWorkload.Key(number)} v\r\n")));
        _replies = Pinned(string.Concat(Enumerable.Range(0, _depth).Select(static number => $"VA 64\r\n{Value(number)}\r\n")));
        Store(port, _depth);
        _sockets = new (Socket, int)[options.Int("--connections")];
        _have = new int[_sockets.Length];
        for (var key = 0; key < _sockets.Length; key++)
        {
            var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
            socket.Connect(IPAddress.Loopback, port);
            _sockets[key] = (socket, (int)socket.SafeHandle.DangerousGetHandle());
            Epoll.Add(_sockets[key].Descriptor, key, Epoll.Interest.In);
        }
    }

    protected override long Done => _done;

    protected override bool Polls => _sockets.Length == 1;

    public static int Run(string[] arguments) => Run(arguments, ["--connections", "--depth"], static options => new MemcachedServiceGenerator(options));

    /// <summary>Stores what will be asked for.</summary>
    public static void Store(int port, int count)
    {
        using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        socket.Connect(IPAddress.Loopback, port);
        socket.Send(Encoding.ASCII.GetBytes(string.Concat(Enumerable.Range(0, count).Select(static number => $"ms {MemcachedWorkload.Key(number)} 64 q\r\n{Value(number)}\r\n")) + "mn\r\n"));
        var answer = new byte[100];
        if (socket.Receive(answer) is var length && Encoding.ASCII.GetString(answer, 0, length) != "MN\r\n")
        {
            throw new NoResultException("the server did not store the values");
        }
    }

    /// <summary>Connects so often, asks twice each time, and leaves.</summary>
    public static void Greet(int port, int count)
    {
        Socket[] sockets = [.. Enumerable.Range(0, count).Select(static _ => new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp))];
        foreach (var socket in sockets)
        {
            socket.Connect(IPAddress.Loopback, port);
            for (var time = 0; time < 2; time++)
            {
                socket.Send(Encoding.ASCII.GetBytes($"mg {MemcachedWorkload.Key(0)} v\r\n"));
                socket.Receive(new byte[100]);
            }
        }

        foreach (var socket in sockets)
        {
            // The server has let go of it when it answers.
            socket.Shutdown(SocketShutdown.Send);
            socket.Receive(new byte[100]);
            socket.Dispose();
        }
    }

    public override void Dispose()
    {
        Array.ForEach(_sockets, static one => one.Socket.Dispose());
        base.Dispose();
    }

    protected override void Start()
    {
        foreach (var (_, descriptor) in _sockets)
        {
            Ask(descriptor);
        }
    }

    protected override void Continue(int key)
    {
        int length;
        fixed (byte* room = _received)
        {
            length = Epoll.Receive(_sockets[key].Descriptor, room, _received.Length);
        }

        if (length < 0)
        {
            return;
        }

        ref var have = ref _have[key];
        if (length == 0 || have + length > _replies.Length || !_received.AsSpan(0, length).SequenceEqual(_replies.AsSpan(have, length)))
        {
            throw new NoResultException($"connection {key} got a wrong reply");
        }

        _done += ((have + length) / ReplyLength) - (have / ReplyLength);
        have += length;
        if (have == _replies.Length)
        {
            have = 0;
            Ask(_sockets[key].Descriptor);
        }
    }

    void Ask(int descriptor)
    {
        fixed (byte* requests = _requests)
        {
            if (Epoll.Send(descriptor, requests, _requests.Length) != _requests.Length)
            {
                throw new NoResultException("the kernel does not take the requests as a whole");
            }
        }
    }

    static string Value(int number) => $"{number:D6}".PadRight(MemcachedWorkload.Length, 'x');

    static byte[] Pinned(string text)
    {
        var bytes = GC.AllocateUninitializedArray<byte>(text.Length, pinned: true);
        Encoding.ASCII.GetBytes(text, bytes);
        return bytes;
    }
}
