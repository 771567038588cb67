using System.Net;
using Diesel.Reactive.Testing;

namespace Diesel.Reactive.Tests;

/// <summary>Scripted peers at a port of a host, one per connection made to it.</summary>
internal sealed class Peers : IDisposable
{
    private readonly List<Peer> _accepted = [];
    private readonly IListener _listener;

    public Peers(World world, INetwork network, IPEndPoint local, Action<Peer>? script) =>
        _listener = network.Listen(local, new(), transport =>
        {
            var peer = new Peer(world, (VirtualTransport)transport);
            _accepted.Add(peer);
            script?.Invoke(peer);
        });

    public int Count => _accepted.Count;

    public Peer Last => _accepted[^1];

    public Peer this[int index] => _accepted[index];

    public void Dispose() => _listener.Dispose();
}
