using System.Net;
using System.Reactive.Linq;

namespace Diesel.Reactive;

/// <summary>The system's network in an epoll loop: what is connected, accepted or bound here is ready on the loop's thread.</summary>
internal sealed class EpollNetwork(EpollLoop loop, Poller poller) : INetwork
{
    private Hub _hub = null!;

    public EpollLoop Loop => loop;

    public Poller Poller => poller;

    public Slab Slab => _hub.Slab;

    public void Post(Action<object?> callback) => _hub.Post(callback);

    public void Invoke(Action<object?> callback, object? state) => _hub.Invoke(callback, state);

    public void Start(Hub hub) => _hub = hub;

    public IObservable<IReadOnlyList<IPAddress>> Resolve(string host, Hub hub) => SocketNetwork.Instance.Resolve(host, hub);

    public IObservable<ITransport> Connect(EndPoint remote, TcpConnectOptions options, Hub hub) => Observable.Create<ITransport>(observer =>
    {
        var dial = new EpollDial(this, Own(hub), remote, options, observer);
        hub.Invoke(static d => ((EpollDial)d!).Start(), dial);
        return dial;
    });

    public IListener Listen(EndPoint local, TcpListenOptions options, Hub hub, Action<ITransport> accept) =>
        new EpollListener(this, SocketNetwork.Listening(local, options), options, Own(hub), accept);

    public IDatagramTransport Bind(EndPoint local, EndPoint? remote, UdpOptions options, Hub hub)
    {
        Own(hub);
        return new EpollDatagrams(this, SocketNetwork.Bound(local, remote, options), remote);
    }

    // A descriptor is watched by one loop: another hub's callbacks would run on the wrong thread.
    private Hub Own(Hub hub) => hub == _hub ? hub : throw new InvalidOperationException(
        "This network belongs to another hub's event loop. Use hub.Network of the hub itself.");
}
