using System.Net;
using System.Net.Sockets;
using System.Reactive.Concurrency;

namespace Diesel.Reactive.Tests;

/// <summary>A datagram socket in memory. One that is connected hears, by ICMP, that nobody listens where it sends to.</summary>
internal sealed class MemoryDatagrams(MemoryNetwork network, EndPoint local, EndPoint? remote, Hub hub, Action free) : IDatagramTransport
{
    private readonly System.Collections.Generic.Queue<Datagram> _early = new();
    private Action<Datagram>? _received;
    private Action<Exception>? _failed;
    private bool _closed;

    public EndPoint LocalEndPoint => local;

    public void Start(Action<Datagram> received, Action<Exception> failed)
    {
        (_received, _failed) = (received, failed);
        while (_early.TryDequeue(out var datagram))
        {
            Arrive(datagram);
        }
    }

    public void Send(Datagram datagram)
    {
        if (network.Loses())
        {
            return;
        }

        if (network.BoundTo(datagram.RemoteEndPoint) is { } there)
        {
            there.Arrive(new Datagram(datagram.Payload, local));
        }
        else if (remote is not null)
        {
            Fail(SocketErrors.NotReceived(local, SocketError.ConnectionRefused));
        }
    }

    public void Close()
    {
        _closed = true;
        free();
    }

    /// <summary>An error of the network's that concerns one datagram.</summary>
    public void Fail(Exception error) => hub.Schedule(() =>
    {
        if (!_closed)
        {
            _failed!(error);
        }
    });

    private void Arrive(Datagram datagram)
    {
        if (_received is null)
        {
            _early.Enqueue(datagram);
            return;
        }

        hub.Schedule(() =>
        {
            if (!_closed && (remote is null || remote.Equals(datagram.RemoteEndPoint)))
            {
                _received(datagram);
            }
        });
    }
}
