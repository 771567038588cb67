namespace Diesel.Reactive.Tests;

public class DatagramClientTests
{
    [Test]
    public void Calls_are_conversations_one_after_the_other()
    {
        using var world = new World();
        world.Starts(new UdpService(9, static socket => socket.Datagrams().Select(d => d.Reply(d.Payload.ToUpper()))));
        var client = new Asker(world);
        Assert.That((world.Watch(client.Ask("a")).ToString(), world.Watch(client.Ask("b")).ToString()), Is.EqualTo(("A |", "B |")));
    }

    [Test]
    public void A_late_reply_to_a_call_that_was_given_up_does_not_reach_the_next()
    {
        using var world = new World();
        var (senders, server) = (new List<Datagram>(), default(IDatagramSocket));
        world.Starts(new UdpService(9, socket => (server = socket).Datagrams().Do(senders.Add).Where(static _ => false)));
        var client = new Asker(world);
        var slow = world.Watch(client.Ask("a").Timeout(TimeSpan.FromSeconds(1), world.Hub));
        world.Passes(1);
        var next = world.Watch(client.Ask("b"));
        world.Do(() => senders.ForEach(d => server!.OnNext(d.Reply(d.Payload.ToUpper()))));
        Assert.That((slow.ToString(), next.ToString(), senders[0].RemoteEndPoint.Equals(senders[1].RemoteEndPoint)), Is.EqualTo(("#TimeoutException", "B |", false)));
    }

    [Test]
    public void A_host_that_is_not_known_fails_the_call()
    {
        using var world = new World();
        Assert.That(world.Watch(new Asker(world, "nosuchhost.invalid").Ask("a")).Error, Is.InstanceOf<ConnectionException>());
    }

    [Test]
    public void Dispose_fails_the_calls_that_wait()
    {
        using var world = new World();
        var client = new Asker(world);
        var (running, waiting) = (world.Watch(client.Ask("a")), world.Watch(client.Ask("b")));
        world.Do(client.Dispose);
        Assert.That($"{running} {waiting}", Is.EqualTo("#ObjectDisposedException #ObjectDisposedException"));
    }

    private sealed class Asker(World world, string host = "10.0.0.1") : DatagramClient(host, 9, hub: world.Hub)
    {
        public Awaitable<string> Ask(string question) => Call(async socket =>
        {
            socket.Send(question.ToBytes());
            return (await socket.Receive()).Payload.ToText();
        });
    }
}
