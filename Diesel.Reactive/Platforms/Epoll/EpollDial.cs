using System.Net;
using System.Net.Sockets;
using System.Reactive.Disposables;

namespace Diesel.Reactive;

/// <summary>One attempt to connect: begins without blocking, is told when it is done, or is given up.</summary>
internal sealed class EpollDial(EpollNetwork network, EndPoint remote, SocketOptions options, IObserver<ITransport> observer)
    : IPollTarget, IDisposable
{
    private int _descriptor = -1;
    private long? _ticket;
    private DialPause _pause;
    private volatile bool _over;

    public void Start()
    {
        if (_over)
        {
            return;
        }

        var error = Descriptors.Dial(remote, options, out _descriptor);
        if (SocketErrors.WouldBlock(error) && remote.IsUnix())
        {
            Close();
            TryAgain();
            return;
        }

        if (error != SocketError.Success)
        {
            Finish();
            observer.OnError(SocketErrors.NotConnected(remote, new SocketException((int)error)));
            return;
        }

        try
        {
            _ticket = network.Poller.Add(_descriptor, Libc.Writable | Libc.EdgeTriggered, this);
        }
        catch (IOException failed)
        {
            Finish();
            observer.OnError(new ConnectionException($"Cannot connect to {remote}: {failed.Message}", remote, failed));
        }
    }

    public void OnReady(uint events)
    {
        if (_over)
        {
            return;
        }

        var error = Descriptors.TakeError(_descriptor);
        if (error != SocketError.Success)
        {
            Finish();
            observer.OnError(SocketErrors.NotConnected(remote, new SocketException((int)error)));
            return;
        }

        // The transport watches the descriptor anew, and owns it from here on.
        var descriptor = _descriptor;
        network.Poller.Forget(_ticket!.Value, descriptor);
        (_descriptor, _ticket) = (-1, null);
        Finish();
        observer.OnNext(new EpollTransport(network, descriptor, remote));
        observer.OnCompleted();
    }

    // A dial that is done before the hub gets to finish it must not connect somebody who has left.
    public void Dispose()
    {
        _over = true;
        network.Hub.Invoke(static d => ((EpollDial)d!).Finish(), this);
    }

    public override string ToString() => $"dial to {remote}";

    private void Finish()
    {
        _over = true;
        if (_ticket is { } ticket)
        {
            network.Poller.Remove(ticket);
            _ticket = null;
        }

        Close();
    }

    private void TryAgain() => network.Hub.Schedule(this, _pause.Next(), static (_, dial) =>
    {
        dial.Start();
        return Disposable.Empty;
    });

    private void Close()
    {
        if (_descriptor >= 0)
        {
            _ = Libc.Close(_descriptor);
            _descriptor = -1;
        }
    }
}
