using System.Diagnostics;
using System.Net;
using System.Reactive.Concurrency;

namespace Diesel.Reactive;

/// <summary><c>Tcp.Connect</c>: each subscription dials.</summary>
internal sealed class Dial(EndPoint remote, TcpConnectOptions options, Hub? hub) : Awaitable<Connection>
{
    private readonly Destination _destination = new(options.Proxy?.EndPoint ?? remote);

    // Observable.Create would end the subscription when the observer throws: it is for this class to end a connection that its
    // observer did not take.
    public override IDisposable Subscribe(IObserver<Connection> observer)
    {
        ArgumentNullException.ThrowIfNull(observer);
        return new Attempt(remote, _destination, options, Hub.Of(hub), observer, DialSpan.Parent).Begin();
    }

    internal override Hub? Home => hub;

    public override string ToString() => $"a connection to {options.NameOf(remote)}";

    // Everything on the hub: elsewhere a connection on its way through a dial that is given up would be lost, and stay open.
    private sealed class Attempt(EndPoint remote, Destination destination, TcpConnectOptions options, Hub hub, IObserver<Connection> observer, Activity? parent)
        : HubAttempt<Connection>(hub, observer, $"a connection to {options.NameOf(remote)}")
    {
        private IDisposable? _timeout;
        private Lookup? _lookup;
        private HappyEyeballs? _race;
        private DialSpan? _span;
        private Connection? _opening;

        protected override void Start()
        {
            _span = DialSpan.Begin(Hub, remote, parent);
            _timeout = Hub.Schedule(options.ConnectTimeout, TimeOut);
            _race = new HappyEyeballs(Hub, options.Socket, Connect, GoNowhere) { Span = _span };
            _lookup = new Lookup(Hub, destination, _race.Add, Found);
            using var within = DialSpan.Enter(_span);
            _lookup.Begin();
        }

        protected override void GiveUp()
        {
            _timeout?.Dispose();
            _lookup?.Dispose();
            _race?.Dispose();
            _span?.LetGo();
            _opening?.Abort();
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
                End(options.Told(none, remote));
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
                using var within = DialSpan.Enter(_span);
                connection = new Connection(Hub, options.LeadOn(transport, Hub, remote), options, remote is DnsEndPoint { Host: { Length: > 0 } host } ? host : null);
            }
            catch (Exception error)
            {
                End(error);
                return;
            }

            if (connection.Life.Agreement is { } layer)
            {
                _opening = connection;
                Opening.Await(connection, layer, () => Open(connection), Refused);
            }
            else
            {
                Open(connection);
            }
        }

        // It is open, or refused and sends its last words: no attempt that could be given up any more.
        private void Open(Connection connection)
        {
            (_opening, connection.AddressTimeToLive) = (null, _lookup!.Shortest);
            _span?.Succeeded(connection);
            Succeed(connection);
        }

        private void Refused(Exception error)
        {
            _opening = null;
            End(error);
        }

        private void End(Exception error)
        {
            _span?.Failed(error);
            Fail(error);
        }

        private void GoNowhere() => End(options.Told(SocketErrors.NotConnected(destination.ToString(), _race!.Dialled), remote));

        private void TimeOut() => End(_opening is { } connection ? Opening.Late(connection, options.ConnectTimeout)
            : SocketErrors.NotConnectedWithin(options.ConnectTimeout, options.NameOf(remote), _race?.Dialled ?? []));
    }
}
