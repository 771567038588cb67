using System.Net;
using System.Reactive.Linq;

namespace Diesel.Reactive;

/// <summary>The system's network in an epoll loop: what is connected, accepted or bound here is ready on the loop's thread.</summary>
internal sealed class EpollNetwork(EpollLoop loop, Poller poller, IHub hub) : INetwork, IAdoptsSockets
{
    public EpollLoop Loop => loop;

    public Poller Poller => poller;

    public IHub Hub => hub;

    public Slab Slab { get; } = new();

    public INameResolver Names { get; } = new SystemNames(hub);

    /// <summary>Shared by its datagram sockets, of which many programs have none.</summary>
    public EndPointCache EndPoints => field ??= new EndPointCache();

    /// <summary>Where sockets read that go from port to port.</summary>
    public PortInbox PortInbox => field ??= new PortInbox();

    public DatagramInbox Inbox => field ??= new DatagramInbox();

    public DatagramOutbox Outbox => field ??= new DatagramOutbox(hub, EndPoints);

    public IObservable<ITransport> Connect(EndPoint remote, SocketOptions options) => Observable.Create<ITransport>(observer =>
    {
        var dial = new EpollDial(this, remote, options, observer);
        hub.Invoke(static d => ((EpollDial)d!).Start(), dial);
        return dial;
    });

    public IListener Listen(EndPoint local, SocketOptions options, Action<ITransport> accept) =>
        new EpollListener(this, SystemSockets.Listening(local, options), options, accept);

    public IDatagramTransport Bind(EndPoint local, EndPoint? remote, SocketOptions options) =>
        new EpollDatagrams(this, SystemSockets.Bound(local, remote, options), remote);

    public ITransport Adopt(int descriptor, EndPoint remote) => new EpollTransport(this, descriptor, remote);
}
