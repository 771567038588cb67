using System.Net;
using System.Net.Sockets;

namespace Diesel.Reactive;

/// <summary>A socket that listens, or receives datagrams, and what there is to know when it stops.</summary>
/// <param name="socket">Bound; one that is to listen does.</param>
/// <param name="asked">Where it was to be.</param>
/// <param name="place">Its path, where others may know it by; null: none, or another's to remove.</param>
internal sealed class BoundSocket(Socket socket, EndPoint asked, SocketPlace? place = null) : IDisposable
{
    private bool _left;

    public Socket Socket => socket;

    public EndPoint EndPoint { get; } = socket.LocalEndPoint ?? asked;

    /// <summary>Whether somebody else listens on when this process stops: those who wait are that one's.</summary>
    public bool IsHandedOver => asked is SystemdSocket;

    /// <summary>Whoever comes from now on finds nobody.</summary>
    public void Leave()
    {
        if (!_left)
        {
            _left = true;
            place?.Leave();
        }
    }

    public void Dispose()
    {
        Leave();
        socket.Dispose();
    }
}
