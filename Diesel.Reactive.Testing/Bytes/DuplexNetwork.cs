using System.Net;
using System.Reactive.Concurrency;
using System.Reactive.Disposables;
using System.Reactive.Linq;

namespace Diesel.Reactive.Testing;

/// <summary>A network with scripted peers on it.</summary>
internal sealed class DuplexNetwork(INetwork network, DuplexPeers peers) : INetwork
{
    public IObservable<IReadOnlyList<IPAddress>> Resolve(string host, Hub hub) => network.Resolve(host, hub);

    public IObservable<ITransport> Connect(EndPoint remote, TcpConnectOptions options, Hub hub) => Observable.Defer(() =>
        peers.At(remote) is { } peer ? Answer(peer, options.LocalEndPoint ?? peers.OurEndPoint(), remote, hub) : network.Connect(remote, options, hub));

    public IListener Listen(EndPoint local, TcpListenOptions options, Hub hub, Action<ITransport> accept) =>
        new DuplexListener(network.Listen(local, options, hub, accept), peers, hub, accept);

    public IDatagramTransport Bind(EndPoint local, EndPoint? remote, UdpOptions options, Hub hub) => network.Bind(local, remote, options, hub);

    private static IObservable<ITransport> Answer(MarbleDuplex peer, EndPoint local, EndPoint remote, Hub hub) => Observable.Create<ITransport>(observer =>
    {
        var (transport, givenUp) = (peer.Answer(local, remote, hub), new BooleanDisposable());
        hub.Schedule(() =>
        {
            if (givenUp.IsDisposed)
            {
                transport.Abort();
                return;
            }

            observer.OnNext(transport);
            observer.OnCompleted();
        });
        return givenUp;
    });
}
