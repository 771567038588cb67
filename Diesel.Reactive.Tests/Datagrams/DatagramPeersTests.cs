using System.Net;

namespace Diesel.Reactive.Tests;

/// <summary>One conversation per sender of datagrams.</summary>
public class DatagramPeersTests
{
    private const int Port = 9;

    [Test]
    public void Each_sender_has_a_conversation_of_its_own()
    {
        using var world = new World();
        var peers = Peers(world, 10);
        var (one, two) = (world.Mate(), world.Mate());
        one.Sends("A", Port);
        two.Sends("B", Port);
        one.Sends("C", Port);
        Assert.That(peers.Values.Select(p => world.Watch(p).ToString()), Is.EqualTo(new[] { "A C", "B" }));
    }

    [Test]
    public void A_conversation_is_a_subject()
    {
        using var world = new World();
        var socket = Socket(world);
        world.Do(() => socket.Peers(TimeSpan.FromSeconds(10)).Subscribe(p => p.Select((d, n) => $"{n}{d.ToText()}".ToBytes()).Subscribe(p)));
        var (one, two) = (world.Mate(), world.Mate());
        one.Sends("A", Port).Sends("B", Port);
        two.Sends("C", Port);
        Assert.That((one.Story, two.Story), Is.EqualTo(("0A 1B", "0C")));
    }

    [Test]
    public void A_conversation_that_is_idle_completes_and_the_next_datagram_begins_another()
    {
        using var world = new World();
        var peers = Peers(world, 10);
        var mate = world.Mate().Sends("A", Port);
        var first = world.Watch(peers.Last);
        world.Passes(10.1);
        mate.Sends("B", Port);
        Assert.That((first.ToString(), peers.Values.Count, world.Watch(peers.Last).ToString()), Is.EqualTo(("A |", 2, "B")));
    }

    [Test]
    public void Traffic_in_either_direction_keeps_a_conversation_alive()
    {
        using var world = new World();
        var peers = Peers(world, 10);
        var mate = world.Mate().Sends("A", Port);
        world.Passes(8);
        mate.Sends("B", Port);
        world.Passes(8).Do(() => peers.Last.OnNext("C".ToBytes())).Passes(8);
        var story = world.Watch(peers.Last);
        Assert.That((peers.Values.Count, story.ToString()), Is.EqualTo((1, "A B")));
        world.Passes(2.1);
        Assert.That(story.ToString(), Is.EqualTo("A B |"));
    }

    [Test]
    public void Disposing_a_conversation_ends_it()
    {
        using var world = new World();
        var peers = Peers(world, 10);
        world.Mate().Sends("A", Port);
        var story = world.Watch(peers.Last);
        world.Do(peers.Last.Dispose);
        Assert.That((story.ToString(), world.Watch(peers.Last.Receive()).ToString()), Is.EqualTo(("A |", "#ObjectDisposedException")));
    }

    [Test]
    public void Unsubscribing_ends_all_conversations()
    {
        using var world = new World();
        var peers = Peers(world, 10);
        world.Mate().Sends("A", Port);
        var story = world.Watch(peers.Last);
        world.Do(peers.Subscription!.Dispose);
        Assert.That(story.ToString(), Is.EqualTo("A |"));
    }

    [Test]
    public void The_socket_ends_all_conversations()
    {
        using var world = new World();
        var socket = Socket(world);
        var peers = world.Watch(socket.Peers(TimeSpan.FromSeconds(10)));
        world.Mate().Sends("A", Port);
        var story = world.Watch(peers.Last);
        world.Do(socket.Dispose);
        Assert.That((story.ToString(), peers.IsCompleted), Is.EqualTo(("A |", true)));
    }

    [Test]
    public void Senders_beyond_MaxPeers_are_dropped_and_counted_until_there_is_room()
    {
        using var world = new World();
        var socket = Socket(world, new() { MaxPeers = 1 });
        var peers = world.Watch(socket.Peers(TimeSpan.FromSeconds(10)));
        world.Mate().Sends("A", Port);
        var second = world.Mate().Sends("B", Port);
        Assert.That((peers.Values.Count, socket.Dropped), Is.EqualTo((1, 1L)));
        world.Passes(11);
        second.Sends("B", Port);
        Assert.That((peers.Values.Count, socket.Dropped), Is.EqualTo((2, 1L)));
    }

    [Test]
    public void An_observer_that_throws_ends_the_conversation_it_was_given_only()
    {
        using var world = new World();
        var (socket, told) = (Socket(world), new List<DatagramPeer>());
        world.Do(() => socket.Peers(TimeSpan.FromSeconds(10)).Subscribe(peer =>
        {
            told.Add(peer);
            _ = told.Count == 1 ? throw new FormatException() : peer.Subscribe(peer);
        }));
        var (one, two) = (world.Mate().Sends("A", Port), world.Mate().Sends("B", Port).Sends("C", Port));
        Assert.That((one.Story, two.Story, world.Trouble), Is.EqualTo(("", "B C", nameof(FormatException))));
        Assert.That(world.Watch(told[0]).ToString(), Is.EqualTo("|"));
    }

    [Test]
    public void An_idle_time_of_nothing_is_refused() =>
        Assert.That(() => Socket(new World()).Peers(TimeSpan.Zero), Throws.InstanceOf<ArgumentOutOfRangeException>());

    private static IDatagramSocket Socket(World world, UdpOptions? options = null) =>
        world.Watch(Udp.Bind(new IPEndPoint(IPAddress.Any, Port), options, world.Hub)).Last;

    private static Story<DatagramPeer> Peers(World world, double idle) => world.Watch(Socket(world).Peers(TimeSpan.FromSeconds(idle)));
}
