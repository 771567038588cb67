using Diesel.Reactive.Testing;

namespace Diesel.Reactive.Tests;

public class ServiceMarbleTests
{
    private const int Port = 7;
    private static readonly string[] Senders = ["ann", "bob"];

    [MarbleFile("tcp-service.marble")]
    public void Tcp_services(MarbleCase marble) => MarbleStage.Play(marble, stage =>
    {
        var service = stage.Form switch
        {
            "TcpService(port, connection => connection.UntilEol().Select(Shout))" => new TcpService(Port, Shout),
            "TcpService(port, async connection => …)" => new TcpService(Port, Greet),
            "TcpService(port, handler, IdleTimeout = limit)" => new TcpService(Port, Shout, new() { IdleTimeout = stage.Time("limit") }),
            "TcpService(port, slow)" => new TcpService(Port, connection => SlowlyShout(stage, connection)),
            "TcpService(port, fragile)" => new TcpService(Port, Fragile),
            _ => throw stage.Unknown(),
        };
        service.Start(stage.Hub);
        stage.OnIfAny("stop", _ => service.Stop().Subscribe());
        foreach (var name in Senders.Where(stage.Has))
        {
            Connection? peer = null;
            Tcp.Connect("localhost", Port, hub: stage.Hub).Subscribe(connection => peer = connection);
            stage.Settle();
            stage.Bytes(name).Subscribe(peer!);
            stage.Expect($"to-{name}", peer!.AsObservable());
        }
    });

    [MarbleFile("udp-service.marble")]
    public void Udp_services(MarbleCase marble) => MarbleStage.Play(marble, stage =>
    {
        var service = new UdpService(Port, stage.Form switch
        {
            "UdpService(port, socket => socket.Select(Shout))" =>
                socket => socket.Select(datagram => datagram.Reply(datagram.Payload.ToUpper())),
            "UdpService(port, fragile)" =>
                socket => socket.Select(datagram => datagram.Payload.ToText() == "x" ? throw new MarbleException("broken") : datagram),
            "UdpService(port, hasty)" => Hasty(),
            "socket.Peers(idle)" => socket => Numbered(socket, stage.Time("idle")),
            _ => throw stage.Unknown(),
        });
        service.Start(stage.Hub);
        foreach (var name in Senders.Where(stage.Has))
        {
            IDatagramSocket? sender = null;
            Udp.Connect("localhost", Port, hub: stage.Hub).Subscribe(socket => sender = socket);
            stage.Settle();
            stage.On(name, text => sender!.Send(text.ToBytes()));
            stage.Expect($"to-{name}", sender!.Select(datagram => datagram.Payload.ToText()));
        }
    });

    private static IObservable<ReadOnlyMemory<byte>> Shout(Connection connection) => connection.UntilEol().Select(line => line.ToUpper());

    private static IObservable<ReadOnlyMemory<byte>> Fragile(Connection connection) =>
        connection.Lines().Select(line => line == "x" ? throw new MarbleException("broken") : $"{line}\r\n".ToBytes().ToUpper());

    private static async Task Greet(Connection connection)
    {
        connection.OnNext("Name?".ToBytes());
        var name = await connection.Read(Framing.Lines());
        connection.OnNext($"Hello {name}".ToBytes());
    }

    private static IObservable<ReadOnlyMemory<byte>> SlowlyShout(MarbleStage stage, Connection connection) =>
        connection.UntilEol().SelectAsync(async line =>
        {
            await stage.Hub.Sleep(TimeSpan.FromMilliseconds(4));
            return line.ToUpper();
        }, max: 1);

    private static Func<IDatagramSocket, IObservable<Datagram>> Hasty()
    {
        var begun = 0;
        return socket => begun++ > 0 ? socket : Observable.Throw<Datagram>(new MarbleException("broken"));
    }

    /// <summary>Replies with the number of the conversation, and says when it is over.</summary>
    private static IObservable<Datagram> Numbered(IDatagramSocket socket, TimeSpan idle) => socket.Peers(idle).SelectMany((peer, number) => peer
        .Select(payload => new Datagram($"{payload.ToText()}{number + 1}".ToBytes(), peer.RemoteEndPoint)));
}
