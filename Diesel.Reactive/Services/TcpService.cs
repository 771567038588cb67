using System.Net;
using System.Reactive;
using System.Reactive.Disposables;
using System.Reactive.Linq;
using System.Reactive.Subjects;

namespace Diesel.Reactive;

/// <summary>Listens at an endpoint and runs a handler for each connection.</summary>
/// <remarks>
/// One connection's failure never ends the service. What a handler throws, and protocol errors it does not catch, close its
/// own connection, after a flush of what it had sent, and show in <see cref="Hub.Errors"/>; that a peer ended or reset its
/// connection does not. Errors while accepting (out of descriptors) are reported, and accepting goes on after a pause.
/// Idea: diesel's <c>Service</c>, bluelet's <c>server</c>, Twisted's <c>ServerFactory</c>.
/// </remarks>
public sealed class TcpService : IService, IHubResource
{
    private readonly EndPoint _asked;
    private readonly Func<Connection, EndPoint?, Handling> _handle;
    private readonly TcpServiceOptions _options;
    private readonly ServiceConnections _all;
    private readonly Subject<Connection> _accepted = new();
    private readonly AwaitableSource<Unit> _stopped;
    private Hub? _hub;
    private IListener? _listener;
    private DrainWatch? _drain;
    private bool _stopping;
    private volatile bool _stopAsked;

    /// <summary>Makes a service whose handler turns a connection into its replies.</summary>
    /// <param name="port">0 to 65535, of all IPv4 addresses of the machine; 0 lets the system choose, see <see cref="Port"/>.</param>
    /// <param name="handler">Called on the hub for each connection; what the result gives is sent, its completion flushes
    /// and closes.</param>
    /// <param name="options">Bounds, timeouts; null for the defaults.</param>
    /// <param name="hub">Where it runs; null for the hub it is started on.</param>
    /// <exception cref="ArgumentNullException"><paramref name="handler"/> is null.</exception>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="port"/> is not a port.</exception>
    public TcpService(int port, Func<Connection, IObservable<ReadOnlyMemory<byte>>> handler, TcpServiceOptions? options = null, Hub? hub = null)
        : this(EndPoints.Local(port), handler, options, hub)
    {
    }

    /// <summary>Makes a service whose handler turns a connection into its replies.</summary>
    /// <param name="endPoint">Where: address and port, say; port 0 lets the system choose, see <see cref="EndPoint"/>.</param>
    /// <param name="handler">Called on the hub for each connection; what the result gives is sent, its completion flushes
    /// and closes.</param>
    /// <param name="options">Bounds, timeouts; null for the defaults.</param>
    /// <param name="hub">Where it runs; null for the hub it is started on.</param>
    /// <exception cref="ArgumentNullException"><paramref name="endPoint"/> or <paramref name="handler"/> is null.</exception>
    /// <exception cref="ArgumentException"><paramref name="endPoint"/> is a name.</exception>
    public TcpService(EndPoint endPoint, Func<Connection, IObservable<ReadOnlyMemory<byte>>> handler, TcpServiceOptions? options = null, Hub? hub = null)
        : this(endPoint, options, hub)
    {
        ArgumentNullException.ThrowIfNull(handler);
        _handle = (connection, peer) => new StreamHandling(connection, peer, _all, handler);
    }

    /// <summary>Makes a service whose handler is a sequential conversation.</summary>
    /// <param name="port">0 to 65535, of all IPv4 addresses of the machine; 0 lets the system choose, see <see cref="Port"/>.</param>
    /// <param name="handler">Called on the hub for each connection, in a <see cref="Loop"/> of its own: its <c>await</c>s
    /// resume on the hub. Its end flushes and closes.</param>
    /// <param name="options">Bounds, timeouts; null for the defaults.</param>
    /// <param name="hub">Where it runs; null for the hub it is started on.</param>
    /// <exception cref="ArgumentNullException"><paramref name="handler"/> is null.</exception>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="port"/> is not a port.</exception>
    public TcpService(int port, Func<Connection, Task> handler, TcpServiceOptions? options = null, Hub? hub = null)
        : this(EndPoints.Local(port), handler, options, hub)
    {
    }

    /// <summary>Makes a service whose handler is a sequential conversation.</summary>
    /// <param name="endPoint">Where: address and port, say; port 0 lets the system choose, see <see cref="EndPoint"/>.</param>
    /// <param name="handler">Called on the hub for each connection, in a <see cref="Loop"/> of its own: its <c>await</c>s
    /// resume on the hub. Its end flushes and closes.</param>
    /// <param name="options">Bounds, timeouts; null for the defaults.</param>
    /// <param name="hub">Where it runs; null for the hub it is started on.</param>
    /// <exception cref="ArgumentNullException"><paramref name="endPoint"/> or <paramref name="handler"/> is null.</exception>
    /// <exception cref="ArgumentException"><paramref name="endPoint"/> is a name.</exception>
    public TcpService(EndPoint endPoint, Func<Connection, Task> handler, TcpServiceOptions? options = null, Hub? hub = null)
        : this(endPoint, options, hub)
    {
        ArgumentNullException.ThrowIfNull(handler);
        _handle = (connection, peer) => new LoopHandling(connection, peer, _all, handler);
    }

    private TcpService(EndPoint endPoint, TcpServiceOptions? options, Hub? hub)
    {
        (_asked, _options, _hub, _handle) = (EndPoints.Local(endPoint), options.Or(TcpServiceOptions.Default), hub, null!);
        _all = new ServiceConnections(_options, Changed);
        _stopped = new AwaitableSource<Unit>(null, null, $"the end of the TCP service at {endPoint}");
    }

    /// <summary>Where it listens, with the port the system chose.</summary>
    /// <exception cref="InvalidOperationException">It has not been started.</exception>
    public EndPoint EndPoint => _listener?.LocalEndPoint
        ?? throw new InvalidOperationException("The service has no endpoint before it was started: call Start, or run it in an Application.");

    /// <summary>The port of its <see cref="EndPoint"/>.</summary>
    /// <exception cref="InvalidOperationException">It has not been started, or its endpoint has no port.</exception>
    public int Port => EndPoints.Port(EndPoint);

    /// <summary>The connections: on subscription those that are open, then each new one.</summary>
    /// <remarks>Never fails: one connection's failure is its own. Completes when the service has stopped.</remarks>
    public IObservable<Connection> Connections => Observable.Create<Connection>(observer =>
    {
        // In a turn, so that none comes or goes between the look at those that are open and the first new one.
        var watching = new SingleAssignmentDisposable();
        void Watch(object? _) => watching.Disposable = _accepted.StartWith([.. _all.Open.Where(static handling => !handling.IsOpening).Select(static handling => handling.Connection)]).Subscribe(observer);
        if (_hub is { } hub)
        {
            hub.Invoke(Watch, null);
        }
        else
        {
            Watch(null);
        }

        return watching;
    });

    /// <summary>How many connections are open, still have a handler that runs, or still send.</summary>
    public int ConnectionCount => _all.Open.Count;

    /// <summary>What there is at this moment, and how many connections its limits have refused and ended.</summary>
    public ServiceCounts Counts => _all.Counts;

    /// <inheritdoc/>
    public void Start(Hub? hub = null)
    {
        OnceStopped.ThrowIf(_stopAsked, this);
        if (_listener is not null)
        {
            return;
        }

        _hub ??= Hub.Of(hub);
        _listener = HubListener.Listen(_asked, _options, _hub, Accept);

        // The hub may have accepted the first connections before this thread learnt of the listener.
        _hub.Invoke(static s => ((TcpService)s!).PauseWhenFull(), this);
        _hub.Register(this);
        ServiceMeter.Started(_hub, this);
    }

    // Its connections were aborted by the hub itself, or are now; nobody has to wait for them.
    void IHubResource.Abort()
    {
        _stopAsked = _stopping = true;
        _all.Abort(_hub!.Ended());
        Finish();
    }

    /// <inheritdoc/>
    /// <remarks>A connection at rest (its handler waits for a new frame) is ended as if its peer had: its handler completes.
    /// One in the middle of a frame may finish it, as long as more of it comes. What is left after <see cref="TcpServiceOptions.DrainTimeout"/> is aborted.</remarks>
    public Awaitable<Unit> Stop()
    {
        _stopAsked = true;
        if (_listener is null)
        {
            _stopped.TrySetResult(Unit.Default);
        }
        else
        {
            _listener.Dispose();
            _hub!.Invoke(static s => ((TcpService)s!).Drain(), this);
        }

        return _stopped;
    }

    /// <summary>Stops it and waits for its end.</summary>
    /// <returns>Done when everything has ended, as <see cref="Stop"/> tells.</returns>
    public async ValueTask DisposeAsync() => await Stop();

    /// <summary>Where it listens, as errors show it.</summary>
    public override string ToString() => $"TCP service at {_listener?.LocalEndPoint ?? _asked}";

    private void Accept(ITransport transport)
    {
        if (_stopping)
        {
            // Accepted while the listener was being closed: it gets a FIN, not a reset.
            new Connection(_hub!, transport, _options).Dispose();
            return;
        }

        if (_all.Admit(transport, _hub!, out var peer) is not { } admitted)
        {
            transport.Abort();
            return;
        }

        var connection = Connect(admitted, peer);
        var handling = _handle(connection, peer);
        _all.Add(handling);
        if (connection.Life.Agreement is { } layer)
        {
            handling.Await(layer, Begin);
        }
        else
        {
            Begin(handling);
        }
    }

    private void Begin(Handling handling)
    {
        if (handling.TryEnter())
        {
            handling.Begin();
            Tell(() => _accepted.OnNext(handling.Connection));
        }
    }

    // What a layer throws ends the connection, and takes no place.
    private Connection Connect(ITransport transport, EndPoint? peer)
    {
        try
        {
            return new Connection(_hub!, transport, _options);
        }
        catch
        {
            _all.Leave(peer);
            throw;
        }
    }

    // Who watches the service may throw; the service goes on.
    private void Tell(Action notify)
    {
        try
        {
            notify();
        }
        catch (Exception error)
        {
            _hub!.Report(error, ToString());
        }
    }

    private void PauseWhenFull()
    {
        if (_all.AreFull)
        {
            _listener?.Pause();
        }
        else
        {
            _listener?.Resume();
        }
    }

    private void Changed()
    {
        if (!_stopping)
        {
            PauseWhenFull();
        }
        else if (_all.AreGone)
        {
            Finish();
        }
    }

    private void Drain()
    {
        if (_stopping)
        {
            return;
        }

        _stopping = true;
        if (_all.AreGone)
        {
            Finish();
            return;
        }

        _drain = new DrainWatch(_hub!, _options.DrainTimeout, _all.EndStalled, () => _all.Abort(new TimeoutException(
            $"{this} was stopped and the handler did not end within {nameof(TcpServiceOptions.DrainTimeout)} ({_options.DrainTimeout}).")));
        _all.Drain();
    }

    private void Finish()
    {
        _drain?.Dispose();
        Tell(_accepted.OnCompleted);
        _hub!.Unregister(this);
        ServiceMeter.Stopped(_hub, this);
        Tell(() => _stopped.TrySetResult(Unit.Default));
    }
}
