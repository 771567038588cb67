using System.Net;
using System.Reactive;
using System.Reactive.Linq;

namespace Diesel.Reactive;

/// <summary>Binds a datagram socket and runs one handler for all senders.</summary>
/// <remarks>A handler that throws shows in <see cref="Hub.Errors"/> and is started again: one bad datagram does not end the
/// service. A handler that completes ends it. Idea: diesel's <c>UDPService</c>.</remarks>
public sealed class UdpService : IService, IHubResource
{
    private static readonly TimeSpan RestartPause = TimeSpan.FromMilliseconds(500);

    private readonly EndPoint _asked;
    private readonly Func<IDatagramSocket, LoopBody> _handler;
    private readonly UdpOptions _options;
    private readonly AwaitableSource<Unit> _stopped;
    private Hub? _hub;
    private DatagramSocket? _socket;
    private Loop? _loop;
    private long _handled;
    private volatile bool _stopAsked;

    /// <summary>Makes a service whose handler turns the datagrams of a socket into replies.</summary>
    /// <param name="port">0 to 65535, of all IPv4 addresses of the machine; 0 lets the system choose, see <see cref="Port"/>.</param>
    /// <param name="handler">Called on the hub; the datagrams it gives are sent.</param>
    /// <param name="options">Bounds; null for the defaults.</param>
    /// <param name="hub">Where it runs; null for the hub it is started on.</param>
    /// <exception cref="ArgumentNullException"><paramref name="handler"/> is null.</exception>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="port"/> is not a port.</exception>
    public UdpService(int port, Func<IDatagramSocket, IObservable<Datagram>> handler, UdpOptions? options = null, Hub? hub = null)
        : this(EndPoints.Local(port), handler, options, hub)
    {
    }

    /// <summary>Makes a service whose handler turns the datagrams of a socket into replies.</summary>
    /// <param name="endPoint">Where: address and port, say; port 0 lets the system choose, see <see cref="EndPoint"/>.</param>
    /// <param name="handler">Called on the hub; the datagrams it gives are sent.</param>
    /// <param name="options">Bounds; null for the defaults.</param>
    /// <param name="hub">Where it runs; null for the hub it is started on.</param>
    /// <exception cref="ArgumentNullException"><paramref name="endPoint"/> or <paramref name="handler"/> is null.</exception>
    /// <exception cref="ArgumentException"><paramref name="endPoint"/> is a name.</exception>
    public UdpService(EndPoint endPoint, Func<IDatagramSocket, IObservable<Datagram>> handler, UdpOptions? options = null, Hub? hub = null)
        : this(endPoint, options, hub)
    {
        ArgumentNullException.ThrowIfNull(handler);
        _handler = socket => LoopBody.Of(Observable.Defer(() => handler(socket) ?? throw NothingGiven.Observable($"handler of {this}")).Do(socket.OnNext));
    }

    /// <summary>Makes a service whose handler is a sequential loop over datagrams.</summary>
    /// <param name="port">0 to 65535, of all IPv4 addresses of the machine; 0 lets the system choose, see <see cref="Port"/>.</param>
    /// <param name="handler">Called on the hub; its <c>await</c>s resume there.</param>
    /// <param name="options">Bounds; null for the defaults.</param>
    /// <param name="hub">Where it runs; null for the hub it is started on.</param>
    /// <exception cref="ArgumentNullException"><paramref name="handler"/> is null.</exception>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="port"/> is not a port.</exception>
    public UdpService(int port, Func<IDatagramSocket, Task> handler, UdpOptions? options = null, Hub? hub = null)
        : this(EndPoints.Local(port), handler, options, hub)
    {
    }

    /// <summary>Makes a service whose handler is a sequential loop over datagrams.</summary>
    /// <param name="endPoint">Where: address and port, say; port 0 lets the system choose, see <see cref="EndPoint"/>.</param>
    /// <param name="handler">Called on the hub; its <c>await</c>s resume there.</param>
    /// <param name="options">Bounds; null for the defaults.</param>
    /// <param name="hub">Where it runs; null for the hub it is started on.</param>
    /// <exception cref="ArgumentNullException"><paramref name="endPoint"/> or <paramref name="handler"/> is null.</exception>
    /// <exception cref="ArgumentException"><paramref name="endPoint"/> is a name.</exception>
    public UdpService(EndPoint endPoint, Func<IDatagramSocket, Task> handler, UdpOptions? options = null, Hub? hub = null)
        : this(endPoint, options, hub)
    {
        ArgumentNullException.ThrowIfNull(handler);
        _handler = socket => LoopBody.Of(() => handler(socket));
    }

    private UdpService(EndPoint endPoint, UdpOptions? options, Hub? hub)
    {
        (_asked, _options, _hub, _handler) = (EndPoints.Local(endPoint), options ?? UdpOptions.Default, hub, null!);
        _stopped = new AwaitableSource<Unit>(null, null, $"the end of the UDP service at {endPoint}");
    }

    /// <summary>Where it receives, with the port the system chose.</summary>
    /// <exception cref="InvalidOperationException">It has not been started.</exception>
    public EndPoint EndPoint => _socket?.LocalEndPoint
        ?? throw new InvalidOperationException("The service has no endpoint before it was started: call Start, or run it in an Application.");

    /// <summary>The port of its <see cref="EndPoint"/>.</summary>
    /// <exception cref="InvalidOperationException">It has not been started, or its endpoint has no port.</exception>
    public int Port => EndPoints.Port(EndPoint);

    /// <inheritdoc/>
    public void Start(Hub? hub = null)
    {
        OnceStopped.ThrowIf(_stopAsked, this);
        if (_socket is not null)
        {
            return;
        }

        _hub ??= Hub.Of(hub);
        var transport = _hub.Network.Bind(_asked, null, _options.Socket);
        _socket = new DatagramSocket(_hub, transport, null, _options);
        _hub.Invoke(static s => ((UdpService)s!).Handle(), this);
        _hub.Register(this);
    }

    void IHubResource.Abort()
    {
        _stopAsked = true;
        Finish();
    }

    /// <inheritdoc/>
    public Awaitable<Unit> Stop()
    {
        _stopAsked = true;
        if (_hub is null || _socket is null)
        {
            Finish();
        }
        else
        {
            _hub.Invoke(static s => ((UdpService)s!).Finish(), this);
        }

        return _stopped;
    }

    /// <summary>Stops it and waits for its end.</summary>
    /// <returns>Done when everything has ended, as <see cref="Stop"/> tells.</returns>
    public async ValueTask DisposeAsync() => await Stop();

    /// <summary>Where it receives, as errors show it.</summary>
    public override string ToString() => $"UDP service at {_socket?.LocalEndPoint ?? _asked}";

    private void Handle()
    {
        if (_socket!.Closed.IsCancellationRequested)
        {
            return;
        }

        _handled = _socket.Received;
        _loop = LoopStart.Begin(_hub!, _handler(_socket) with { Name = $"handler of {this}", IsJoined = true });
        _loop.Subscribe(static _ => { }, Fail, Finish);
    }

    private void Fail(Exception error)
    {
        if (!IsStopped(error))
        {
            _hub!.Report(error, $"handler of {this}");
        }

        Restart();
    }

    // At once if it got as far as taking a datagram; one that fails from the start must not spin.
    private void Restart()
    {
        var pause = _socket!.Received > _handled ? TimeSpan.Zero : RestartPause;
        _hub!.StartTimer(pause, static s => ((UdpService)s!).Handle(), this);
    }

    private bool IsStopped(Exception error) =>
        _socket!.Closed.IsCancellationRequested && error is ObjectDisposedException or OperationCanceledException;

    private void Finish()
    {
        _socket?.Dispose();
        _loop?.Dispose();
        _hub?.Unregister(this);
        _stopped.TrySetResult(Unit.Default);
    }
}
