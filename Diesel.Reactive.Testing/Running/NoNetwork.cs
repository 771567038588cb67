using System.Net;

namespace Diesel.Reactive.Testing;

/// <summary>The network of a hub that has none.</summary>
internal sealed class NoNetwork : INetwork
{
    public IObservable<IReadOnlyList<IPAddress>> Resolve(string host, Hub hub) => throw None();

    public IObservable<ITransport> Connect(EndPoint remote, TcpConnectOptions options, Hub hub) => throw None();

    public IListener Listen(EndPoint local, TcpListenOptions options, Hub hub, Action<ITransport> accept) => throw None();

    public IDatagramTransport Bind(EndPoint local, EndPoint? remote, UdpOptions options, Hub hub) => throw None();

    private static InvalidOperationException None() =>
        new("The test's own hub has no network: make one with new Hub(t.Scheduler, network).");
}
