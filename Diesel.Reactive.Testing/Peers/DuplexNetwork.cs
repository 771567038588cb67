using System.Net;
using System.Reactive.Concurrency;
using System.Reactive.Disposables;
using System.Reactive.Linq;

namespace Diesel.Reactive.Testing;

/// <summary>Gives hubs a network with scripted peers on it.</summary>
internal sealed class DuplexNetworks(INetworkProvider provider, DuplexPeers peers) : INetworkProvider
{
    public INetwork CreateNetwork(IHub hub) => new DuplexNetwork(provider.CreateNetwork(hub), peers, hub);
}

/// <summary>A network with scripted peers on it.</summary>
internal sealed class DuplexNetwork(INetwork network, DuplexPeers peers, IHub hub) : INetwork
{
    public INameResolver Names => network.Names;

    public IObservable<ITransport> Connect(EndPoint remote, SocketOptions options) => Observable.Defer(() =>
        peers.At(remote) is { } peer ? Answer(peer, options.LocalEndPoint ?? peers.OurEndPoint(), remote) : network.Connect(remote, options));

    public IListener Listen(EndPoint local, SocketOptions options, Action<ITransport> accept) =>
        new DuplexListener(network.Listen(local, options, accept), peers, hub, accept);

    public IDatagramTransport Bind(EndPoint local, EndPoint? remote, SocketOptions options) => network.Bind(local, remote, options);

    private IObservable<ITransport> Answer(IDuplexPeer peer, EndPoint local, EndPoint remote) => Observable.Create<ITransport>(observer =>
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
