using System.Net;

namespace Diesel.Reactive.Protocols.Dns;

/// <summary>The addresses of a host: those that are remembered come at once, on any thread, without a turn of the hub.</summary>
internal sealed class HostQuery(ResolverCore core, string host) : Awaitable<IReadOnlyList<IPAddress>>
{
    public override IDisposable Subscribe(IObserver<IReadOnlyList<IPAddress>> observer) =>
        new HubCold<IReadOnlyList<IPAddress>>(core.Hub, each => Begin(core, host, each)).Subscribe(observer);

    public override string ToString() => $"the addresses of {host}";

    protected override bool TryTake(out IReadOnlyList<IPAddress> value) => core.TryLookup(host, out value);

    private static AddressRun Begin(ResolverCore core, string host, IObserver<IReadOnlyList<IPAddress>> observer)
    {
        var listing = new Listing(core, host, observer);
        listing.Run = new AddressRun(core, host, listing);
        return listing.Run.Begin();
    }

    private sealed class Listing(ResolverCore core, string host, IObserver<IReadOnlyList<IPAddress>> observer) : IObserver<ResolvedAddress>
    {
        private readonly List<IPAddress> _all = [];

        public AddressRun Run { get; set; } = null!;

        public void OnNext(ResolvedAddress value) => _all.Add(value.Address);

        public void OnError(Exception error) => observer.OnError(error);

        public void OnCompleted()
        {
            var sorted = core.Sort(_all);
            if (Run.Grounds is { } grounds)
            {
                core.Hosts.Put(host, new KnownHost(sorted, grounds, core.SystemHolds));
            }

            observer.OnNext(sorted);
            observer.OnCompleted();
        }
    }
}
