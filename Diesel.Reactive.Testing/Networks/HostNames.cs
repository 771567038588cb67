namespace Diesel.Reactive.Testing;

/// <summary>The names of a virtual network, as one of its hosts knows them.</summary>
internal sealed class HostNames(VirtualHost host, IHub hub) : INameResolver
{
    public IObservable<ResolvedAddress> Resolve(string name) => host.Resolve(name, hub);

    public override string ToString() => "the names of the virtual network";
}
