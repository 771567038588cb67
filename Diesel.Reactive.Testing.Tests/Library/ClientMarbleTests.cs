using System.Net;
using System.Reactive.Subjects;
using Diesel.Reactive.Testing;

namespace Diesel.Reactive.Tests;

public class ClientMarbleTests
{
    private const int Port = 7;

    [MarbleFile("client.marble")]
    public void Clients(MarbleCase marble) => MarbleStage.Play(marble, stage =>
    {
        var (dials, asks, told) = (0, new Subject<string>(), new Subject<string>());
        Connection? server = null;
        Tcp.Listen(new IPEndPoint(IPAddress.Loopback, Port), hub: stage.Hub).Subscribe(connection =>
        {
            server = connection;
            var number = ++dials;
            connection.Lines().Subscribe(question => asks.OnNext($"{question}{number}"), _ => { });
        });
        stage.Settle();
        var client = new Asker(stage.Hub);
        TimeSpan? limit = stage.Has("limit") ? stage.Time("limit") : null;
        stage.On("call", question => Limited(client.Ask(question), limit, stage).Subscribe(told.OnNext, _ => told.OnNext("✗")));
        stage.Bytes("in").Subscribe(reply => server!.OnNext(reply), () => server!.Dispose());
        stage.Expect("asked", asks);
        stage.Expect("replies", told);
    });

    [MarbleFile("datagram-client.marble")]
    public void Datagram_clients(MarbleCase marble) => MarbleStage.Play(marble, stage =>
    {
        var (asks, told) = (new Subject<string>(), new Subject<string>());
        EndPoint? asker = null;
        IDatagramSocket? server = null;
        Udp.Bind(new IPEndPoint(IPAddress.Loopback, Port), hub: stage.Hub).Subscribe(socket => server = socket);
        stage.Settle();
        server!.Subscribe(datagram =>
        {
            asker = datagram.RemoteEndPoint;
            asks.OnNext(datagram.Payload.ToText());
        });
        var client = new DatagramAsker(stage.Hub);
        TimeSpan? limit = stage.Has("limit") ? stage.Time("limit") : null;
        stage.On("call", question => Limited(client.Ask(question), limit, stage).Subscribe(told.OnNext, _ => told.OnNext("✗")));
        stage.On("in", reply => server!.OnNext(new Datagram(reply.ToBytes(), asker!)));
        stage.Expect("asked", asks);
        stage.Expect("replies", told);
    });

    private static IObservable<string> Limited(IObservable<string> call, TimeSpan? limit, MarbleStage stage) => (stage.Form, limit) switch
    {
        ("client.Ask(question)", null) => call,
        ("client.Ask(question).Timeout(limit, hub)", { } time) => call.Timeout(time, stage.Hub),
        _ => throw stage.Unknown(),
    };

    private sealed class Asker(Hub hub) : Client("localhost", Port, hub: hub)
    {
        public Awaitable<string> Ask(string question) => Call(async connection =>
        {
            connection.OnNext($"{question}\r\n".ToBytes());
            return await connection.Read(Framing.Lines());
        });
    }

    private sealed class DatagramAsker(Hub hub) : DatagramClient("localhost", Port, hub: hub)
    {
        public Awaitable<string> Ask(string question) => Call(async socket =>
        {
            socket.Send(question.ToBytes());
            return (await socket.Receive()).Payload.ToText();
        });
    }
}
