using System.Net.Sockets;

namespace Diesel.Reactive;

/// <summary>Waits, without a buffer, until a socket has something to read: bytes, an end, an error. One wait at a time.</summary>
internal sealed class Readiness : IDisposable
{
    private readonly Socket _socket;
    private readonly Action _ready;
    private readonly SocketAsyncEventArgs _receiving = new(true);

    /// <param name="socket">Whose readiness.</param>
    /// <param name="ready">Called, on any thread, when a wait is over.</param>
    public Readiness(Socket socket, Action ready)
    {
        (_socket, _ready) = (socket, ready);
        _receiving.SetBuffer(Memory<byte>.Empty);
        _receiving.UserToken = this;
        _receiving.Completed += static (_, e) => ((Readiness)e.UserToken!)._ready();
    }

    /// <summary>Between <see cref="Await"/> and <see cref="Finish"/>.</summary>
    public bool IsAwaited { get; private set; }

    public void Await()
    {
        IsAwaited = true;
        try
        {
            if (!_socket.ReceiveAsync(_receiving))
            {
                _ready();
            }
        }
        catch (ObjectDisposedException)
        {
            // Closed by the hub meanwhile.
        }
    }

    /// <summary>As <see cref="Await"/>, where it is known to be ready.</summary>
    public void Begin()
    {
        IsAwaited = true;
        _ready();
    }

    /// <summary>What came of it. On the hub, once after each wait.</summary>
    public SocketError Finish()
    {
        IsAwaited = false;
        return _receiving.SocketError;
    }

    // While it is awaited, the system still has it.
    public void Dispose()
    {
        if (!IsAwaited)
        {
            _receiving.Dispose();
        }
    }
}
