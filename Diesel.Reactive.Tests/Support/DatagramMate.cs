using System.Net;

namespace Diesel.Reactive.Tests;

/// <summary>A scripted sender of datagrams.</summary>
internal sealed class DatagramMate
{
    private readonly World _world;

    public DatagramMate(World world, int port)
    {
        _world = world;
        Socket = (MemoryDatagrams)world.Network.Bind(new IPEndPoint(IPAddress.Any, port), null, new UdpOptions(), world.Hub);
        Socket.Start(datagram => Received.Add(datagram.Payload.ToText()), static _ => { });
    }

    public MemoryDatagrams Socket { get; }

    public List<string> Received { get; } = [];

    public string Story => string.Join(' ', Received);

    public DatagramMate Sends(string payload, int port)
    {
        Socket.Send(new Datagram(payload.ToBytes(), new IPEndPoint(MemoryNetwork.Here, port)));
        _world.Settle();
        return this;
    }
}
