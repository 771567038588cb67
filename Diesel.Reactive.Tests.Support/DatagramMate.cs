using System.Net;

namespace Diesel.Reactive.Tests;

/// <summary>A scripted sender of datagrams.</summary>
internal sealed class DatagramMate
{
    private readonly World _world;
    private readonly IDatagramTransport _socket;

    public DatagramMate(World world, int port)
    {
        _world = world;
        _socket = world.Hub.Network.Bind(new IPEndPoint(IPAddress.Any, port), null, new());
        _socket.Start(datagram => Received.Add(datagram.Payload.ToText()), static _ => { });
    }

    public List<string> Received { get; } = [];

    public string Story => string.Join(' ', Received);

    public DatagramMate Sends(string payload, int port)
    {
        _socket.Send(new Datagram(payload.ToBytes(), new IPEndPoint(World.Here, port)));
        _world.Settle();
        return this;
    }
}
