using System.Net;
using System.Reactive.Disposables;
using System.Reactive.Linq;

namespace Diesel.Reactive;

/// <summary><see cref="Tcp.Connect"/>: each subscription dials.</summary>
internal sealed class Dial(string host, int port, TcpConnectOptions options, Hub? hub) : Awaitable<Connection>
{
    private readonly string _where = $"{host}:{port}";

    // Observable.Create would end the subscription when the observer throws: it is for this class to end a connection that its
    // observer did not take.
    public override IDisposable Subscribe(IObserver<Connection> observer)
    {
        ArgumentNullException.ThrowIfNull(observer);
        var on = Hub.Of(hub);
        var attempt = new Attempt(this, on, observer);
        if (!on.Invoke(static a => ((Attempt)a!).Begin(), attempt))
        {
            attempt.Abort();
        }

        return attempt;
    }

    internal override Hub? Home => hub;

    public override string ToString() => $"a connection to {_where}";

    private IObservable<Connection> Connections(Hub on) => on.Network.Resolve(host)
        .SelectMany(addresses => FirstToAnswer(addresses, on.Network))
        .Select(transport => new Connection(on, transport, options))
        .Timeout(options.ConnectTimeout, Observable.Throw<Connection>(new TimeoutException(
            $"No connection to {_where} within {options.ConnectTimeout}. Is it reachable? Raise ConnectTimeout if it is only slow.")), on);

    private IObservable<ITransport> FirstToAnswer(IReadOnlyList<IPAddress> addresses, INetwork network) =>
        addresses.Select(address => network.Connect(new IPEndPoint(address, port), options.Socket)).Catch();

    // Everything on the hub: elsewhere a connection on its way through a dial that is given up would be lost, and stay open.
    private sealed class Attempt(Dial dial, Hub hub, IObserver<Connection> observer) : IObserver<Connection>, IHubResource, IDisposable
    {
        private SingleAssignmentDisposableValue _dialling;
        private volatile bool _left;

        public void Begin()
        {
            // An observer that is told of the hub's end may try again: nobody would close that.
            if (hub.IsDisposed)
            {
                Abort();
            }
            else if (!_left)
            {
                hub.Register(this);
                _dialling.Disposable = dial.Connections(hub).Subscribe(this);
            }
        }

        public void OnNext(Connection connection)
        {
            if (_left)
            {
                connection.Abort();
            }
            else
            {
                hub.Unregister(this);
                Tcp.Give(connection, observer);
            }
        }

        public void OnError(Exception error)
        {
            hub.Unregister(this);
            if (!_left)
            {
                _left = true;
                observer.OnError(error);
            }
        }

        public void OnCompleted()
        {
            if (!_left)
            {
                observer.OnCompleted();
            }
        }

        /// <summary>The hub ends before the dial does.</summary>
        public void Abort()
        {
            _dialling.Dispose();
            OnError(new ObjectDisposedException(nameof(Hub), $"The hub was disposed before {dial._where} answered."));
        }

        public void Dispose()
        {
            _left = true;
            hub.Invoke(static a => ((Attempt)a!).End(), this);
        }

        private void End()
        {
            hub.Unregister(this);
            _dialling.Dispose();
        }
    }
}
