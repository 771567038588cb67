using System.Net;
using System.Net.Sockets;
using Microsoft.Win32.SafeHandles;

namespace Diesel.Reactive;

/// <summary>A listening socket in an epoll loop: accepts in batches, a bounded number per turn.</summary>
internal sealed class EpollListener : IListener, IAcceptor, IPollTarget
{
    private const int AcceptsPerTurn = 64;

    private readonly EpollNetwork _network;
    private readonly BoundSocket _listening;
    private readonly Socket _socket;
    private readonly SocketOptions _options;
    private readonly IHub _hub;
    private readonly Action<ITransport> _accept;
    private readonly AcceptRest _rest;
    private long? _ticket;
    private bool _paused;
    private volatile bool _disposed;

    public EpollListener(EpollNetwork network, BoundSocket listening, SocketOptions options, Action<ITransport> accept)
    {
        (_network, _listening, _socket, _options, _hub, _accept) = (network, listening, listening.Socket, options, network.Hub, accept);
        _socket.Blocking = false;
        _rest = new AcceptRest(_hub, this);
        _hub.Invoke(static l => ((EpollListener)l!).Begin(), this);
    }

    public EndPoint LocalEndPoint => _listening.EndPoint;

    private int Descriptor => (int)_socket.SafeHandle.DangerousGetHandle();

    // Level-triggered: what a turn leaves in the backlog is told again.
    private uint Interest => _paused || _rest.IsOn ? 0 : Libc.Readable;

    public override string ToString() => $"listener {LocalEndPoint}";

    public void Pause()
    {
        _paused = true;
        Update();
    }

    public void Resume()
    {
        if (_paused)
        {
            _paused = false;
            Update();
        }
    }

    public void Dispose()
    {
        if (!_disposed)
        {
            _disposed = true;
            _hub.Invoke(static l => ((EpollListener)l!).TakeRest(), this);
        }
    }

    public void OnReady(uint events) => AcceptSome(AcceptsPerTurn);

    // Who is connected already is taken: closing the listener would reset them. Who comes later finds nobody.
    private void TakeRest()
    {
        _listening.Leave();
        _rest.Dispose();
        try
        {
            if (!_paused && !_listening.IsHandedOver)
            {
                AcceptSome(_options.Backlog);
            }
        }
        finally
        {
            Close();
        }
    }

    private void AcceptSome(int most)
    {
        var hasAccepted = false;
        for (var i = 0; i < most && !_paused && !_socket.SafeHandle.IsClosed; i++)
        {
            var descriptor = Descriptors.Accept(Descriptor, LocalEndPoint, out var remote);
            if (descriptor >= 0)
            {
                hasAccepted = true;
                _rest.Accepted();
                Accept(descriptor, remote);
            }
            else if (!GoOnAfter(Descriptors.ErrorOf(Libc.LastError)))
            {
                break;
            }
        }

        if (hasAccepted)
        {
            _rest.BeginIfShort();
        }
    }

    private void Accept(int descriptor, EndPoint remote)
    {
        if (_options.NoDelay && !remote.IsUnix())
        {
            Descriptors.SetNoDelay(descriptor);
        }

        _accept(new EpollTransport(_network, descriptor, remote));
    }

    private bool GoOnAfter(SocketError error)
    {
        if (SocketErrors.WouldBlock(error))
        {
            return false;
        }

        if (SocketErrors.IsGoneBeforeAccept(error))
        {
            return true;
        }

        _rest.Begin(error);
        return false;
    }

    // Closed with the last who knows it: a listener whose hub has ended is not told.
    IDisposable? IAcceptor.OpenSpare() =>
        Libc.EventDescriptor(0, Libc.CloseOnExec) is var descriptor and >= 0 ? new SafeFileHandle(descriptor, ownsHandle: true) : null;

    bool IAcceptor.HasTwoSpares()
    {
        var (first, second) = (Libc.EventDescriptor(0, Libc.CloseOnExec), Libc.EventDescriptor(0, Libc.CloseOnExec));
        _ = first >= 0 ? Libc.Close(first) : 0;
        _ = second >= 0 ? Libc.Close(second) : 0;
        return second >= 0;
    }

    // By system calls alone: without descriptors the runtime cannot even load what its own sockets would need now.
    bool IAcceptor.RefuseOne()
    {
        if (Descriptors.Accept(Descriptor, LocalEndPoint, out _) is not (var refused and >= 0))
        {
            return false;
        }

        Descriptors.ResetOnClose(refused);
        _ = Libc.Close(refused);
        return true;
    }

    void IAcceptor.RestChanged() => Update();

    private void Update()
    {
        if (_ticket is { } ticket)
        {
            _network.Poller.Modify(Descriptor, Interest, ticket);
        }
    }

    private void Begin()
    {
        if (!_disposed)
        {
            try
            {
                _ticket = _network.Poller.Add(Descriptor, Interest, this);
            }
            catch
            {
                Close();
                throw;
            }
        }
    }

    private void Close()
    {
        if (_ticket is { } ticket)
        {
            _network.Poller.Remove(ticket);
            _ticket = null;
        }

        _rest.Dispose();
        _listening.Dispose();
    }
}
