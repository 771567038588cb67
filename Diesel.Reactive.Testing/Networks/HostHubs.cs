using System.Reactive.Concurrency;

namespace Diesel.Reactive.Testing;

/// <summary>The hubs of a run: one on each host that was asked for, and another when that was disposed.</summary>
internal sealed class HostHubs(
    IScheduler scheduler, VirtualNetwork network, Action<HubError> reported, Func<VirtualHost, INetworkProvider>? over = null,
    Func<Func<bool>?>? givesWay = null) : IDisposable
{
    private readonly Dictionary<VirtualHost, Hub> _hubs = [];

    public Hub On(string host) => _hubs.TryGetValue(network.Host(host), out var hub) && !hub.IsDisposed ? hub : Make(host, scheduler);

    /// <summary>Another hub, with a time of its own.</summary>
    public Hub Make(string host, IScheduler time)
    {
        var machine = network.Host(host);
        var hub = _hubs[machine] = new Hub(time, over?.Invoke(machine) ?? machine, givesWay?.Invoke());
        hub.Errors.Subscribe(reported);
        return hub;
    }

    public void Dispose()
    {
        foreach (var hub in _hubs.Values)
        {
            hub.Dispose();
        }
    }
}
