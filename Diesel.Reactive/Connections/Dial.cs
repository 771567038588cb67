using System.Net;
using System.Reactive.Concurrency;

namespace Diesel.Reactive;

/// <summary><c>Tcp.Connect</c>: each subscription dials.</summary>
internal sealed class Dial(EndPoint remote, TcpConnectOptions options, Hub? hub) : Awaitable<Connection>
{
    private readonly Destination _destination = new(remote);

    // Observable.Create would end the subscription when the observer throws: it is for this class to end a connection that its
    // observer did not take.
    public override IDisposable Subscribe(IObserver<Connection> observer)
    {
        ArgumentNullException.ThrowIfNull(observer);
        return new Attempt(_destination, options, Hub.Of(hub), observer).Begin();
    }

    internal override Hub? Home => hub;

    public override string ToString() => $"a connection to {_destination}";

    // Everything on the hub: elsewhere a connection on its way through a dial that is given up would be lost, and stay open.
    private sealed class Attempt(Destination destination, TcpConnectOptions options, Hub hub, IObserver<Connection> observer)
        : HubAttempt<Connection>(hub, observer, $"a connection to {destination}")
    {
        private IDisposable? _timeout;
        private Lookup? _lookup;
        private HappyEyeballs? _race;

        protected override void Start()
        {
            _timeout = Hub.Schedule(options.ConnectTimeout, TimeOut);
            _race = new HappyEyeballs(Hub, options.Socket, Connect, GoNowhere);
            _lookup = new Lookup(Hub, destination, _race.Add, Found);
            _lookup.Begin();
        }

        protected override void GiveUp()
        {
            _timeout?.Dispose();
            _lookup?.Dispose();
            _race?.Dispose();
        }

        protected override void Give(Connection value, IObserver<Connection> to) => Tcp.Give(value, to);

        private void Found(Exception? none)
        {
            if (none is null)
            {
                _race!.Complete();
            }
            else
            {
                Fail(none);
            }
        }

        private void Connect(ITransport transport)
        {
            if (!IsWanted)
            {
                transport.Abort();
                return;
            }

            Connection connection;
            try
            {
                connection = new Connection(Hub, transport, options);
            }
            catch (Exception error)
            {
                Fail(error);
                return;
            }

            Succeed(connection);
        }

        private void GoNowhere() => Fail(SocketErrors.NotConnected(destination.ToString(), _race!.Dialled));

        private void TimeOut() => Fail(SocketErrors.NotConnectedWithin(options.ConnectTimeout, destination.ToString(), _race?.Dialled ?? []));
    }
}
