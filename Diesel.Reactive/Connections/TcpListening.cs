using System.Net;
using System.Reactive.Disposables;

namespace Diesel.Reactive;

/// <summary>An endpoint to listen at, as <see cref="Tcp.Listen"/> gives it: one connection per accepted peer.</summary>
/// <remarks>Cold: each subscription listens; unsubscribing stops listening and leaves the accepted connections open.</remarks>
public sealed class TcpListening : IObservable<Connection>
{
    private readonly EndPoint _asked;
    private readonly ConnectionOptions _options;
    private readonly Hub? _hub;
    private volatile EndPoint? _endPoint;

    internal TcpListening(EndPoint endPoint, ConnectionOptions options, Hub? hub) => (_asked, _options, _hub) = (endPoint, options, hub);

    /// <summary>Where it listens, with the port the system chose for the last subscription.</summary>
    /// <exception cref="InvalidOperationException">Nobody has subscribed.</exception>
    public EndPoint EndPoint => _endPoint
        ?? throw new InvalidOperationException($"Nothing listens at {_asked} yet, and the port may be the system's to choose: subscribe first.");

    /// <summary>The port of its <see cref="EndPoint"/>.</summary>
    /// <exception cref="InvalidOperationException">Nobody has subscribed, or the endpoint has no port.</exception>
    public int Port => EndPoints.Port(EndPoint);

    /// <summary>Listens.</summary>
    /// <param name="observer">Gets the connections, on their hub; or the <see cref="ConnectionException"/> that the endpoint cannot be
    /// listened at.</param>
    /// <returns>Stops listening.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="observer"/> is null.</exception>
    /// <remarks>When the call returns, peers can connect.</remarks>
    public IDisposable Subscribe(IObserver<Connection> observer)
    {
        // Observable.Create would end the subscription, and with it the listening, when the observer throws.
        ArgumentNullException.ThrowIfNull(observer);
        var on = Hub.Of(_hub);
        try
        {
            var taking = new Taking(on, _options, observer);
            var listener = HubListener.Listen(_asked, _options, on, taking.Accept);
            _endPoint = listener.LocalEndPoint;
            return new CompositeDisposable(taking, listener);
        }
        catch (ConnectionException error)
        {
            observer.OnError(error);
            return Disposable.Empty;
        }
    }

    // Connections that are not open when nobody listens any more would be nobody's.
    private sealed class Taking(Hub hub, ConnectionOptions options, IObserver<Connection> observer) : IDisposable
    {
        private volatile bool _left;

        public void Accept(ITransport transport)
        {
            var connection = new Connection(hub, transport, options);
            if (_left)
            {
                // Accepted while the listener was being closed: it gets a FIN, not a reset.
                connection.Dispose();
            }
            else if (connection.Life.Agreement is { } layer)
            {
                Await(connection, layer);
            }
            else
            {
                Tcp.Give(connection, observer);
            }
        }

        public void Dispose() => _left = true;

        private void Await(Connection connection, ILayer layer) =>
            Opening.Await(connection, layer, () => Give(connection), error => Opening.Report(connection, error));

        private void Give(Connection connection)
        {
            if (_left)
            {
                connection.Abort();
            }
            else
            {
                Tcp.Give(connection, observer);
            }
        }
    }
}
