using System.Reactive.Concurrency;

namespace Diesel.Reactive.Testing;

/// <summary>The hubs of a run: one on each host that was asked for, and another when that was disposed.</summary>
internal sealed class HostHubs(
    IScheduler scheduler, VirtualNetwork network, Action<HubError> reported, Func<VirtualHost, INetworkProvider>? over = null) : IDisposable
{
    private readonly Dictionary<VirtualHost, Hub> _hubs = [];

    public Hub On(string host)
    {
        var machine = network.Host(host);
        if (!_hubs.TryGetValue(machine, out var hub) || hub.IsDisposed)
        {
            _hubs[machine] = hub = new Hub(scheduler, over?.Invoke(machine) ?? machine);
            hub.Errors.Subscribe(reported);
        }

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
