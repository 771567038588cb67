using System.Net;
using System.Net.Sockets;

namespace Diesel.Reactive;

/// <summary><c>Udp.Connect</c>: each subscription makes a socket to the first address of its peer that one can be made to.</summary>
internal sealed class DatagramDial(EndPoint remote, UdpOptions options, Hub? hub) : Awaitable<IDatagramSocket>
{
    private readonly Destination _destination = new(remote);

    public override IDisposable Subscribe(IObserver<IDatagramSocket> observer)
    {
        ArgumentNullException.ThrowIfNull(observer);
        return new Attempt(_destination, options, Hub.Of(hub), observer).Begin();
    }

    internal override Hub? Home => hub;

    public override string ToString() => $"a datagram socket to {_destination}";

    private sealed class Attempt(Destination destination, UdpOptions options, Hub hub, IObserver<IDatagramSocket> observer)
        : HubAttempt<IDatagramSocket>(hub, observer, $"a datagram socket to {destination}")
    {
        private readonly List<EndPoint> _endPoints = [];
        private Lookup? _lookup;

        protected override void Start()
        {
            _lookup = new Lookup(Hub, destination, _endPoints.Add, Found);
            _lookup.Begin();
        }

        protected override void GiveUp() => _lookup?.Dispose();

        protected override void Give(IDatagramSocket value, IObserver<IDatagramSocket> to)
        {
            try
            {
                to.OnNext(value);
            }
            catch
            {
                value.Dispose();
                throw;
            }
        }

        private void Found(Exception? none)
        {
            if (none is not null)
            {
                Fail(none);
            }
            else if (IsWanted)
            {
                Connect();
            }
        }

        private void Connect()
        {
            var tried = new List<DialledEndPoint>();
            foreach (var endPoint in _endPoints)
            {
                if (TryBind(endPoint, out var error) is { } transport)
                {
                    Succeed(new DatagramSocket(Hub, transport, endPoint, options));
                    return;
                }

                tried.Add(new DialledEndPoint(endPoint, error));
            }

            Fail(SocketErrors.NotConnected(destination.ToString(), tried));
        }

        private IDatagramTransport? TryBind(EndPoint endPoint, out ConnectionException? error)
        {
            try
            {
                error = null;
                return Hub.Network.Bind(AnyLike(endPoint), endPoint, options.Socket);
            }
            catch (ConnectionException failed)
            {
                error = failed;
                return null;
            }
        }

        private static EndPoint AnyLike(EndPoint remote) => remote is UnixDomainSocketEndPoint ? EndPoints.Unnamed
            : new IPEndPoint(remote.AddressFamily == AddressFamily.InterNetworkV6 ? IPAddress.IPv6Any : IPAddress.Any, 0);
    }
}
