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
    public void Beyond_MaxPeers_the_conversation_that_was_active_least_recently_is_over()
    {
        using var world = new World();
        var socket = Socket(world, new() { MaxPeers = 2 });
        var peers = world.Watch(socket.Peers(TimeSpan.FromSeconds(10)));
        var (one, two) = (world.Mate().Sends("A", Port), world.Mate().Sends("B", Port));
        one.Sends("C", Port);
        var stories = peers.Values.Select(world.Watch).ToList();
        world.Mate().Sends("D", Port);
        Assert.That(stories.Select(s => s.ToString()), Is.EqualTo(new[] { "A C", "B |" }));
        Assert.That(world.Watch(peers.Values[1].Receive()).Error!.Message, Does.StartWith(
            "The conversation with 10.0.0.1:40001 is over: of more than 2 (MaxPeers) it was active least recently."));
        two.Sends("E", Port);
        Assert.That(peers.Values.Skip(2).Select(p => world.Watch(p).ToString()), Is.EqualTo(new[] { "D", "E" }));
    }

    [Test]
    public void A_conversation_that_is_written_to_is_active()
    {
        using var world = new World();
        var peers = world.Watch(Socket(world, new() { MaxPeers = 2 }).Peers(TimeSpan.FromSeconds(10)));
        Array.ForEach(["A", "B"], name => world.Mate().Sends(name, Port));
        world.Do(() => peers.Values[0].OnNext("a".ToBytes()));
        world.Mate().Sends("C", Port);
        Assert.That(peers.Values.Select(p => world.Watch(p).ToString()), Is.EqualTo(new[] { "A", "|", "C" }));
    }

    [Test]
    public void A_flood_of_senders_locks_nobody_out()
    {
        using var world = new World();
        var socket = Socket(world, new() { MaxPeers = 10 });
        var peers = world.Watch(socket.Peers(TimeSpan.FromSeconds(10)));
        for (var i = 0; i < 300; i++)
        {
            world.Mate().Sends("x", Port);
        }

        world.Mate().Sends("A", Port);
        Assert.That((world.Watch(peers.Last).ToString(), socket.Dropped), Is.EqualTo(("A", 291L)));
    }

    [Test]
    public void The_bound_on_bytes_is_of_all_conversations_together_and_who_is_unread_for_longest_pays()
    {
        using var world = new World();
        var socket = Socket(world, new() { MaxQueuedBytes = 3 * 65 });
        var peers = world.Watch(socket.Peers(TimeSpan.FromSeconds(10)));
        Array.ForEach(["A", "B", "C", "D"], name => world.Mate().Sends(name, Port));
        Assert.That(peers.Values.Select(p => world.Watch(p).ToString()), Is.EqualTo(new[] { "", "B", "C", "D" }));
        Assert.That(socket.Dropped, Is.EqualTo(1));
    }

    [Test]
    public void A_sender_that_goes_on_past_the_bound_pays_itself()
    {
        using var world = new World();
        var socket = Socket(world, new() { MaxQueuedBytes = 3 * 65 });
        var peers = world.Watch(socket.Peers(TimeSpan.FromSeconds(10)));
        world.Mate().Sends("A", Port);
        var flood = world.Mate();
        Array.ForEach(["B", "C", "D", "E"], name => flood.Sends(name, Port));
        Assert.That(peers.Values.Select(p => world.Watch(p).ToString()), Is.EqualTo(new[] { "A", "D E" }));
        Assert.That(socket.Dropped, Is.EqualTo(2));
    }

    [Test]
    public void What_a_conversation_that_is_over_had_queued_is_dropped_and_makes_room()
    {
        using var world = new World();
        var socket = Socket(world, new() { MaxQueuedBytes = 3 * 65 });
        var peers = world.Watch(socket.Peers(TimeSpan.FromSeconds(10)));
        world.Mate().Sends("A", Port).Sends("B", Port);
        world.Do(peers.Last.Dispose);
        var next = world.Mate();
        Array.ForEach(["C", "D", "E"], name => next.Sends(name, Port));
        Assert.That((world.Watch(peers.Last).ToString(), socket.Dropped), Is.EqualTo(("C D E", 2L)));
    }

    [Test]
    public void A_socket_whose_reader_fails_ends_all_conversations()
    {
        using var world = new World();
        var socket = Socket(world);
        world.Watch(socket.Datagrams());
        Assert.That(world.Watch(socket.Peers(TimeSpan.FromSeconds(10))).Error, Is.InstanceOf<InvalidOperationException>());
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
