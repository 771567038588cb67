using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Diesel.Reactive.Tests;

/// <summary>A plain blocking socket at the other end: what the system itself does, to compare with.</summary>
internal sealed class RawPeer : IDisposable
{
    private readonly Socket? _listener;
    private Socket? _socket;

    /// <summary>Listens, to be connected to.</summary>
    public RawPeer(int backlog = 10)
    {
        _listener = NewSocket();
        _listener.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        _listener.Listen(backlog);
    }

    /// <summary>Listens at a Unix socket's path, or its abstract name.</summary>
    public RawPeer(UnixDomainSocketEndPoint at, int backlog)
    {
        _listener = NewSocket(AddressFamily.Unix);
        _listener.Bind(at);
        _listener.Listen(backlog);
    }

    /// <summary>Connects.</summary>
    /// <param name="to">To whom, at this machine.</param>
    /// <param name="receiveBuffer">Bytes the system receives for it, about; null: as it likes.</param>
    public RawPeer(EndPoint to, int? receiveBuffer = null)
    {
        _socket = NewSocket(to.AddressFamily);
        if (receiveBuffer is { } size)
        {
            _socket.ReceiveBufferSize = size;
        }

        _socket.Connect(to is IPEndPoint ip ? new IPEndPoint(IPAddress.Loopback, ip.Port) : to);
    }

    public int Port => ((IPEndPoint)_listener!.LocalEndPoint!).Port;

    public Socket Socket => _socket!;

    public RawPeer Accept()
    {
        Assert.That(_listener!.Poll(Live.Patience, SelectMode.SelectRead), Is.True, "Nobody connected.");
        _socket = _listener.Accept();
        (_socket.ReceiveTimeout, _socket.SendTimeout) = (_listener.ReceiveTimeout, _listener.SendTimeout);
        return this;
    }

    public RawPeer Sends(string text)
    {
        Socket.Send(Encoding.Latin1.GetBytes(text));
        return this;
    }

    public RawPeer Ends()
    {
        Socket.Shutdown(SocketShutdown.Send);
        return this;
    }

    /// <summary>Sends on a thread of its own, until all is sent or one of the sides is gone.</summary>
    public Task<long> SendsAll(long count) => Task.Factory.StartNew(
        () =>
        {
            var (bytes, sent) = (new byte[64 * 1024], 0L);
            bytes.AsSpan().Fill((byte)'x');
            try
            {
                while (sent < count)
                {
                    sent += Socket.Send(bytes.AsSpan(0, (int)Math.Min(bytes.Length, count - sent)));
                }
            }
            catch (Exception error) when (error is SocketException or ObjectDisposedException)
            {
            }

            return sent;
        },
        TaskCreationOptions.LongRunning);

    /// <summary>Sends a reset.</summary>
    public RawPeer Resets()
    {
        Socket.LingerState = new LingerOption(true, 0);
        Socket.Dispose();
        return this;
    }

    /// <summary>Exactly so many bytes, as text.</summary>
    public string Reads(int count)
    {
        var (bytes, got) = (new byte[count], 0);
        while (got < count && Socket.Receive(bytes.AsSpan(got)) is > 0 and var n)
        {
            got += n;
        }

        return Encoding.Latin1.GetString(bytes, 0, got);
    }

    /// <summary>All until the end, and how it ended: null for a FIN.</summary>
    public (string Text, SocketError? Error) ReadsToEnd()
    {
        var (text, bytes) = (new StringBuilder(), new byte[64 * 1024]);
        while (true)
        {
            var count = Socket.Receive(bytes, SocketFlags.None, out var error);
            if (count == 0)
            {
                return (text.ToString(), error == SocketError.Success ? null : error);
            }

            text.Append(Encoding.Latin1.GetString(bytes, 0, count));
        }
    }

    public void Dispose()
    {
        _listener?.Dispose();
        _socket?.Dispose();
    }

    private static Socket NewSocket(AddressFamily family = AddressFamily.InterNetwork) => new(
        family == AddressFamily.Unix ? family : AddressFamily.InterNetwork, SocketType.Stream, family == AddressFamily.Unix ? ProtocolType.Unspecified : ProtocolType.Tcp)
    {
        ReceiveTimeout = (int)Live.Patience.TotalMilliseconds,
        SendTimeout = (int)Live.Patience.TotalMilliseconds,
    };
}
