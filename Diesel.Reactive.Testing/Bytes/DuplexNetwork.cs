using System.Net;
using System.Net.Sockets;
using System.Reactive.Concurrency;
using System.Reactive.Disposables;
using System.Reactive.Linq;

namespace Diesel.Reactive.Testing;

/// <summary>The network of a test's own hub: the peers of its diagrams. Every name is known and every port the same; each dial
/// meets the next peer.</summary>
internal sealed class DuplexNetwork : INetwork
{
    private static readonly IPAddress Ours = new([10, 0, 0, 1]);
    private static readonly IPAddress Theirs = new([10, 0, 0, 2]);

    private readonly List<MarbleDuplex> _peers = [];
    private readonly List<DuplexListener> _listeners = [];
    private int _port = 40_000;

    public void Add(MarbleDuplex peer) => _peers.Add(peer);

    /// <summary>A new endpoint on the test's side.</summary>
    public IPEndPoint OurEndPoint() => new(Ours, _port++);

    /// <summary>A new endpoint on the peer's side.</summary>
    public IPEndPoint TheirEndPoint() => new(Theirs, _port++);

    public DuplexListener ListenerAt(EndPoint endPoint) => _listeners.Find(each => each.LocalEndPoint.Equals(endPoint))
        ?? throw new InvalidOperationException($"Nobody listens at {endPoint} on the test's hub: start the service with service.Start(t.Hub) before.");

    public IObservable<IReadOnlyList<IPAddress>> Resolve(string host, Hub hub) =>
        InATurn<IReadOnlyList<IPAddress>>(hub, () => [IPAddress.TryParse(host, out var address) ? address : Theirs]);

    public IObservable<ITransport> Connect(EndPoint remote, TcpConnectOptions options, Hub hub) => InATurn(hub, () =>
        _peers.Find(peer => !peer.IsTaken) is { } peer ? peer.Answer(options.LocalEndPoint ?? OurEndPoint(), remote)
            : throw ConnectionException.NotConnected(remote, SocketError.ConnectionRefused));

    public IListener Listen(EndPoint local, TcpListenOptions options, Hub hub, Action<ITransport> accept)
    {
        if (local is not IPEndPoint { Port: var port } || _listeners.Exists(each => ((IPEndPoint)each.LocalEndPoint).Port == port))
        {
            throw ConnectionException.NotListening(local, SocketError.AddressAlreadyInUse);
        }

        var listener = new DuplexListener(new IPEndPoint(Ours, port == 0 ? _port++ : port), hub, accept, _listeners);
        _listeners.Add(listener);
        return listener;
    }

    public IDatagramTransport Bind(EndPoint local, EndPoint? remote, UdpOptions options, Hub hub) => throw new InvalidOperationException(
        "The test's own hub has no datagrams: make a hub with new Hub(t.Scheduler, new VirtualNetwork()).");

    private static IObservable<T> InATurn<T>(Hub hub, Func<T> answer) => Observable.Create<T>(observer =>
    {
        var subscription = new BooleanDisposable();
        hub.Schedule(() =>
        {
            if (!subscription.IsDisposed)
            {
                Observable.Defer(() => Observable.Return(answer())).Subscribe(observer);
            }
        });
        return subscription;
    });
}
