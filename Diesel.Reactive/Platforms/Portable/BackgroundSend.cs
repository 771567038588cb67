using System.Buffers;
using System.Net.Sockets;

namespace Diesel.Reactive;

/// <summary>Sends, from a copy, what a full kernel refused: the system goes on when there is room. One at a time.</summary>
internal sealed class BackgroundSend : IDisposable
{
    private const int MostBytes = 16 * 1024;

    private readonly Socket _socket;
    private readonly Action _done;
    private readonly SocketAsyncEventArgs _sending = new(true);

    public BackgroundSend(Socket socket, Action done)
    {
        (_socket, _done) = (socket, done);
        _sending.UserToken = this;
        _sending.Completed += static (_, e) => ((BackgroundSend)e.UserToken!)._done();
    }

    /// <summary>Between <see cref="Start"/> and <see cref="Finish"/>.</summary>
    public bool IsUnderWay { get; private set; }

    /// <summary>Bytes that nobody has been told the fate of.</summary>
    public int Uncounted { get; private set; }

    /// <summary>Begins with the first bytes; what it was given at making is called, on any thread, when they are sent.</summary>
    public void Start(ReadOnlySpan<byte> bytes)
    {
        var length = Math.Min(bytes.Length, MostBytes);
        var copy = ArrayPool<byte>.Shared.Rent(length);
        bytes[..length].CopyTo(copy);
        _sending.SetBuffer(copy, 0, length);
        (IsUnderWay, Uncounted) = (true, length);
        if (!_socket.SendAsync(_sending))
        {
            _done();
        }
    }

    /// <summary>What came of it. On the hub, once after each time it was done.</summary>
    public (int Sent, SocketError Error) Finish()
    {
        ArrayPool<byte>.Shared.Return(_sending.Buffer!);
        _sending.SetBuffer(null, 0, 0);
        IsUnderWay = false;
        var (sent, error) = (_sending.BytesTransferred, _sending.SocketError);
        Uncounted = error == SocketError.Success ? 0 : Uncounted;
        return (sent, error);
    }

    public void Dispose() => _sending.Dispose();
}
