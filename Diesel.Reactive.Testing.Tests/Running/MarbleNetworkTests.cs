using Diesel.Reactive.Testing;

namespace Diesel.Reactive.Tests;

public class MarbleNetworkTests
{
    private static readonly LinkConditions TenMilliseconds = new() { Latency = TimeSpan.FromMilliseconds(10) };

    [Test]
    public void A_service_and_a_client_talk_in_the_test_s_time() => MarbleTest.Run(t =>
    {
        t.Network.Conditions = TenMilliseconds;
        new TcpService(7, static connection => connection.UntilEol().Select(line => line.ToUpper())).Start(t.HubOn("server"));
        var replies = Tcp.Connect("server", 7, hub: t.HubOn("client")).SelectMany(static connection =>
        {
            connection.OnNext("ping\r\n".ToBytes());
            return connection.UntilEol().Take(1);
        });

        // The handshake takes a round trip, and so does the line.
        t.ExpectObservable(replies).ToBe("""40ms ['PING\r\n'|]""");
    });

    [Test]
    public void The_test_s_own_hub_is_a_host_of_the_network() => MarbleTest.Run(t =>
    {
        new UdpService(9, static socket => socket.Select(datagram => datagram.Reply(datagram.Payload))).Start(t.Hub);
        var echoes = Udp.Connect("local", 9, hub: t.HubOn("client")).SelectMany(static socket =>
        {
            socket.Send("a".ToBytes());
            return socket.Receive().Select(static datagram => datagram.Payload);
        });
        t.ExpectObservable(echoes.Take(1)).ToBe("(a|)");
    });

    [Test]
    public Task Datagrams_are_awaited_one_after_the_other() => MarbleTest.RunAsync(async t =>
    {
        new UdpService(9, static socket => socket.Select(datagram => datagram.Reply(datagram.Payload))).Start(t.Hub);
        using var socket = await Udp.Connect("local", 9, hub: t.HubOn("client"));
        var told = "";
        foreach (var word in (string[])["a", "b", "c"])
        {
            socket.Send(word.ToBytes());
            told += (await socket.Datagrams().FirstAsync()).Payload.ToText();
        }

        Assert.That(told, Is.EqualTo("abc"));
    });

    [Test]
    public Task Frames_of_a_stream_are_awaited_one_after_the_other() => MarbleTest.RunAsync(async t =>
    {
        new TcpService(7, static connection => connection).Start(t.Hub);
        using var connection = await Tcp.Connect("local", 7, hub: t.HubOn("client"));
        connection.OnNext("a\r\nb\r\nc\r\n".ToBytes());
        var told = "";
        for (var i = 0; i < 3; i++)
        {
            told += await connection.Lines().FirstAsync();
        }

        Assert.That(told, Is.EqualTo("abc"));
    });
}
