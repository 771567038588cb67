using System.Net;

namespace Diesel.Reactive.Testing;

/// <summary>A virtual host as one of its hubs uses it.</summary>
internal sealed class HostNetwork(VirtualHost host, IHub hub) : INetwork
{
    public INameResolver Names { get; } = new HostNames(host, hub);

    public IObservable<ITransport> Connect(EndPoint remote, SocketOptions options) => host.Connect(remote, options, hub);

    public IListener Listen(EndPoint local, SocketOptions options, Action<ITransport> accept) => host.Listen(local, options, hub, accept);

    public IDatagramTransport Bind(EndPoint local, EndPoint? remote, SocketOptions options) => host.Bind(local, remote, options, hub);
}
