using System.Net;

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

    [Test]
    public void Retargeted_the_next_call_goes_elsewhere_and_the_one_under_way_comes_to_its_end()
    {
        using var world = new World();
        IDatagramSocket? old = null;
        var asked = new List<Datagram>();
        world.Starts(new UdpService(9, socket => (old = socket).Datagrams().Do(asked.Add).Where(static _ => false)));
        world.Starts(new UdpService(10, static socket => socket.Datagrams().Select(static d => d.Reply("new".ToBytes()))));
        var client = new Asker(world);
        var (running, waiting) = (world.Watch(client.Ask("a")), world.Watch(client.Ask("b")));
        world.Do(() => client.Retarget(new IPEndPoint(World.Here, 10)));
        Assert.That($"{running}{waiting}", Is.Empty);
        world.Do(() => old!.OnNext(asked.Single().Reply("old".ToBytes())));
        Assert.That(($"{running} {waiting}", asked.Count, $"{client}"), Is.EqualTo(("old | new |", 1, "Asker of 10.0.0.1:10")));
    }

    [Test]
    public void Retargeted_while_it_is_idle_it_lets_go_of_its_socket_and_to_where_it_was_it_keeps_it()
    {
        using var world = new World();
        world.Starts(new UdpService(9, static socket => socket.Datagrams().Select(static d => d.Reply($"{d.RemoteEndPoint}".ToBytes()))));
        var client = new Asker(world);
        string From() => world.Watch(client.Ask("a")).Last;
        var first = From();
        world.Do(() => client.Retarget(new DnsEndPoint("10.0.0.1", 9)));
        var kept = From();
        world.Do(() => client.Retarget(new IPEndPoint(World.Here, 9)));
        var anew = From();
        Assert.That((kept == first, anew == first), Is.EqualTo((true, false)));
    }

    [Test]
    public void Retargeted_while_its_address_is_looked_for_it_goes_to_the_new_one_whatever_the_old_one_comes_to([Values] bool isFound)
    {
        using var world = new World();
        using var answer = new System.Reactive.Subjects.Subject<ResolvedAddress>();
        world.Hub.UseResolver(new ScriptedNames(answer));
        world.Starts(new UdpService(10, static socket => socket.Datagrams().Select(static d => d.Reply("new".ToBytes()))));
        var client = new Asker(world, "old.example");
        var call = world.Watch(client.Ask("a"));
        world.Do(() => client.Retarget(new IPEndPoint(World.Here, 10)));
        world.Do(() =>
        {
            if (isFound)
            {
                answer.OnNext(new ResolvedAddress(World.Here));
                answer.OnCompleted();
            }
            else
            {
                answer.OnError(new TimeoutException("no answer"));
            }
        });
        Assert.That($"{call}", Is.EqualTo("new |"));
    }

    [Test]
    public void What_it_cannot_be_retargeted_to_is_refused_at_once()
    {
        using var world = new World();
        var client = new Asker(world);
        Assert.That(() => client.Retarget(null!), Throws.ArgumentNullException);
        Assert.That(() => client.Retarget(new IPEndPoint(World.Here, 0)), Throws.InstanceOf<ArgumentOutOfRangeException>());
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
