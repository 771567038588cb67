using System.ComponentModel;
using System.Net;
using System.Net.Sockets;
using Diesel.Reactive.Benchmarks.Harness;

namespace Diesel.Reactive.Benchmarks.Echo.Peers;

/// <summary>
/// The yardstick: one thread, epoll, recv, send and nothing else, as one would write it in C. It is as fast as the
/// generator, so nothing can look faster than this. It drops a client that does not read.
/// </summary>
internal sealed unsafe class EpollEcho : IDisposable
{
    const int BufferLength = 64 * 1024;

    readonly byte[] _buffer = GC.AllocateUninitializedArray<byte>(BufferLength, pinned: true);
    readonly Epoll _epoll = new();
    readonly Socket _listener;
    readonly Dictionary<int, Client> _clients = [];

    EpollEcho(int port)
    {
        _listener = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        _listener.Bind(new IPEndPoint(IPAddress.Loopback, port));
        _listener.Listen(ServerProgram.Backlog);
        _epoll.Add(Descriptor(_listener), Descriptor(_listener), Epoll.Interest.In);
    }

    public static IPEndPoint Start(int port)
    {
        var server = new EpollEcho(port);
        new Thread(server.Run) { IsBackground = true }.Start();
        return (IPEndPoint)server._listener.LocalEndPoint!;
    }

    public void Dispose()
    {
        _epoll.Dispose();
        _listener.Dispose();
    }

    void Run()
    {
        while (true)
        {
            var ready = _epoll.Wait(Timeout.Infinite);
            for (var i = 0; i < ready; i++)
            {
                if (_clients.TryGetValue(_epoll.Key(i), out var client))
                {
                    Serve(client);
                }
                else
                {
                    Accept();
                }
            }
        }
    }

    void Accept()
    {
        var socket = _listener.Accept();
        socket.NoDelay = true;
        var client = new Client(socket, Descriptor(socket));
        _clients.Add(client.Descriptor, client);
        _epoll.Add(client.Descriptor, client.Descriptor, Epoll.Interest.In);
    }

    void Serve(Client client)
    {
        try
        {
            if (!Echo(client))
            {
                Drop(client);
            }
        }
        catch (Win32Exception)
        {
            Drop(client);
        }
    }

    bool Echo(Client client)
    {
        var begun = client.BegunLine.Length;
        client.BegunLine.CopyTo(_buffer, 0);
        fixed (byte* buffer = _buffer)
        {
            var received = Epoll.Receive(client.Descriptor, buffer + begun, BufferLength - begun);
            if (received <= 0)
            {
                return received < 0;
            }

            var bytes = new ReadOnlySpan<byte>(buffer, begun + received);
            var lines = bytes.LastIndexOf((byte)'\n') + 1;
            client.BegunLine = bytes[lines..].ToArray();
            return lines == 0 || Epoll.Send(client.Descriptor, buffer, lines) == lines;
        }
    }

    void Drop(Client client)
    {
        _clients.Remove(client.Descriptor);
        client.Socket.Dispose();
    }

    static int Descriptor(Socket socket) => (int)socket.SafeHandle.DangerousGetHandle();

    sealed class Client(Socket socket, int descriptor)
    {
        public Socket Socket => socket;

        public int Descriptor => descriptor;

        public byte[] BegunLine { get; set; } = [];
    }
}
