using System.Net;

namespace Diesel.Reactive.Tests;

public class DatagramSocketTests
{
    private const int Port = 9;

    [Test]
    public void Datagrams_are_observed()
    {
        using var world = new World();
        var datagrams = world.Watch(Bind(world));
        world.Mate().Sends("A", Port).Sends("", Port).Sends("B", Port);
        Assert.That(datagrams.ToString(), Is.EqualTo("A '' B"));
        Assert.That(datagrams.Last.RemoteEndPoint, Is.EqualTo(new IPEndPoint(World.Here, 40000)));
    }

    [Test]
    public void Connect_makes_a_socket_to_the_first_address_there_is_a_way_to()
    {
        using var world = new World();
        world.Network.Host("db", IPAddress.Parse("fd00::1"), IPAddress.Parse("10.0.0.8"));
        Assert.That(world.Watch(Udp.Connect("db", Port, hub: world.Hub)).Last.RemoteEndPoint, Is.EqualTo(IPEndPoint.Parse("10.0.0.8:9")));
    }

    [Test]
    public void Connect_fails_where_there_is_a_way_to_none_of_the_addresses()
    {
        using var world = new World();
        world.Network.Host("db", IPAddress.Parse("fd00::1"), IPAddress.Parse("fd00::2"));
        Assert.That(world.Watch(Udp.Connect("db", Port, hub: world.Hub)).Error, Is.InstanceOf<ConnectionException>().With.Message.EqualTo(
            "Cannot connect to db:9. Tried 2 addresses: [fd00::1]:9 (there is no route to it), [fd00::2]:9 (there is no route to it). " +
            "Check the address and the network."));
    }

    [Test]
    public void Connect_ends_with_its_hub_and_is_refused_after_it()
    {
        using var world = new World();
        var before = Story.Of(Udp.Connect("10.0.0.1", Port, hub: world.Hub));
        world.Hub.Dispose();
        Assert.That((before.ToString(), Story.Of(Udp.Connect("10.0.0.1", Port, hub: world.Hub)).ToString()), Is.EqualTo(
            ("#ObjectDisposedException", "#ObjectDisposedException")));
    }

    [Test]
    public void Datagrams_that_nobody_reads_are_kept()
    {
        using var world = new World();
        var socket = Bind(world);
        world.Mate().Sends("A", Port).Sends("B", Port);
        Assert.That((world.Watch(socket.Receive()).ToString(), world.Watch(socket.Datagrams()).ToString()), Is.EqualTo(("A |", "B")));
    }

    [Test]
    public void An_overflow_drops_the_oldest_and_counts_them()
    {
        using var world = new World();
        var socket = Bind(world, new() { MaxQueuedBytes = 3 * 65 });
        var mate = world.Mate();
        Array.ForEach(["A", "B", "C", "D", "E"], name => mate.Sends(name, Port));
        Assert.That((world.Watch(socket.Datagrams()).ToString(), socket.Dropped), Is.EqualTo(("C D E", 2L)));
    }

    [Test]
    public void A_datagram_larger_than_the_bound_is_kept_alone()
    {
        using var world = new World();
        var socket = Bind(world, new() { MaxQueuedBytes = 10 });
        world.Mate().Sends("A", Port).Sends("much too large", Port);
        Assert.That((world.Watch(socket.Receive()).ToString(), socket.Dropped), Is.EqualTo(("much too large |", 1L)));
    }

    [Test]
    public void A_reader_that_left_on_another_thread_takes_no_datagram()
    {
        using var world = new World();
        var socket = Bind(world);
        world.Mate().Sends("A", Port);
        socket.Receive().Subscribe().Dispose();
        socket.Datagrams().Subscribe().Dispose();
        world.Settle();
        Assert.That(world.Watch(socket.Datagrams()).ToString(), Is.EqualTo("A"));
    }

    [Test]
    public void A_second_reader_is_refused()
    {
        using var world = new World();
        var socket = Bind(world);
        world.Watch(socket.Datagrams());
        Assert.That(world.Watch(socket.Receive()).Error, Is.InstanceOf<InvalidOperationException>().With.Message.EqualTo(
            "datagram socket 10.0.0.1:9 already has a reader. Input has one reader at a time: end the first, or share it between observers with Share()."));
    }

    [Test]
    public void A_datagram_is_answered_with_Reply()
    {
        using var world = new World();
        var socket = Bind(world);
        world.Do(() => socket.Select(d => d.Reply(d.Payload.ToUpper())).Subscribe(socket));
        Assert.That(world.Mate().Sends("a", Port).Story, Is.EqualTo("A"));
    }

    [Test]
    public void A_connected_socket_sends_to_its_peer_and_hears_nobody_else()
    {
        using var world = new World();
        var mate = world.Mate(Port);
        var socket = world.Watch(Udp.Connect("10.0.0.1", Port, hub: world.Hub)).Last;
        var datagrams = world.Watch(socket.Datagrams());
        world.Do(() => socket.Send("A".ToBytes()));
        var port = ((IPEndPoint)socket.LocalEndPoint).Port;
        world.Mate().Sends("intruder", port);
        mate.Sends("B", port);
        Assert.That((mate.Story, datagrams.ToString()), Is.EqualTo(("A", "B")));
    }

    [Test]
    public void An_ICMP_error_is_an_entry_of_Errors_and_not_the_end()
    {
        using var world = new World();
        var socket = world.Watch(Udp.Connect("10.0.0.1", Port, hub: world.Hub)).Last;
        var (errors, datagrams) = (world.Watch(socket.Errors), world.Watch(socket.Datagrams()));
        world.Do(() => socket.Send("A".ToBytes()));
        Assert.That((errors.Values.Single().Message, datagrams.ToString()), Is.EqualTo(
            ("A datagram sent from 10.0.0.1:40000 was refused: nobody listens at its port (ICMP port unreachable).", "")));
        var mate = world.Mate(Port);
        world.Do(() => socket.Send("B".ToBytes()));
        Assert.That(mate.Story, Is.EqualTo("B"));
    }

    [Test]
    public void Dispose_completes_streams_fails_single_reads_and_cancels_Closed()
    {
        using var world = new World();
        var (one, two) = (Bind(world), Bind(world, port: 10));
        var (stream, single, errors) = (world.Watch(one.Datagrams()), world.Watch(two.Receive()), world.Watch(one.Errors));
        world.Do(one.Dispose).Do(two.Dispose);
        Assert.That($"{stream} {single} {errors}", Is.EqualTo("| #ObjectDisposedException |"));
        Assert.That(one.Closed.IsCancellationRequested, Is.True);
    }

    [Test]
    public void Sending_after_Dispose_shows_in_Errors_of_the_hub()
    {
        using var world = new World();
        var socket = Bind(world);
        world.Do(socket.Dispose).Do(() => socket.OnNext(new Datagram("A".ToBytes(), new IPEndPoint(World.Here, 1))));
        Assert.That(world.Errors.Single().Exception.Message, Does.StartWith("Cannot send on datagram socket 10.0.0.1:9: it was disposed."));
    }

    [Test]
    public void Sending_to_nobody_says_what_to_do()
    {
        using var world = new World();
        var socket = Bind(world);
        Assert.That(() => socket.Send("A".ToBytes()), Throws.InvalidOperationException.With.Message.EqualTo(
            "datagram socket 10.0.0.1:9 has no fixed peer: send a Datagram with OnNext, or make the socket with Udp.Connect."));
        world.Do(() => socket.OnNext(default));
        Assert.That(world.Errors.Single().Exception.Message, Is.EqualTo(
            "A datagram to send needs a RemoteEndPoint; answer with Reply, or use Udp.Connect and Send."));
    }

    [Test]
    public void OnCompleted_is_ignored_and_OnError_reported()
    {
        using var world = new World();
        var socket = Bind(world);
        world.Do(socket.OnCompleted).Do(() => socket.OnError(new FormatException()));
        Assert.That((socket.Closed.IsCancellationRequested, world.Trouble), Is.EqualTo((false, nameof(FormatException))));
    }

    [Test]
    public void A_million_buffered_datagrams_are_awaited_without_growing_the_stack()
    {
        using var world = new World();
        var mailbox = new Mailbox<int>(world.Hub, world, new MailBound(int.MaxValue), static _ => 1);
        var sum = 0L;
        world.Do(() => Array.ForEach(Enumerable.Range(0, 1_000_000).ToArray(), mailbox.Add));
        world.Runs(async () =>
        {
            for (var i = 0; i < 1_000_000; i++)
            {
                sum += await mailbox.One();
            }
        });
        Assert.That(sum, Is.EqualTo(499_999_500_000));
    }

    [Test]
    public void An_observer_that_throws_is_detached_and_the_socket_goes_on()
    {
        using var world = new World();
        var socket = Bind(world);
        world.Do(() => socket.Datagrams().Subscribe(static _ => throw new FormatException()));
        var mate = world.Mate().Sends("A", Port);
        var next = world.Watch(socket.Datagrams());
        mate.Sends("B", Port);
        Assert.That((next.ToString(), world.Trouble), Is.EqualTo(("B", nameof(FormatException))));
    }

    [Test]
    public void Everybody_who_shares_a_stream_is_told_that_one_of_them_threw()
    {
        using var world = new World();
        var shared = Bind(world).Datagrams().Publish();
        var good = world.Watch(shared);
        world.Do(() => shared.Subscribe(static _ => throw new FormatException("no")));
        world.Do(() => shared.Connect());
        world.Mate().Sends("A", Port).Sends("B", Port);
        Assert.That((good.ToString(), world.Trouble), Is.EqualTo(("A #InvalidOperationException", nameof(FormatException))));
        Assert.That(good.Error!.Message, Is.EqualTo(
            "The reader of datagram socket 10.0.0.1:9 was detached, because its observer threw FormatException. Subscribe again to read on."));
    }

    [Test]
    public void Everybody_who_shares_a_single_read_is_told_that_one_of_them_threw()
    {
        using var world = new World();
        var shared = Bind(world).Receive().Publish();
        world.Do(() => shared.Subscribe(static _ => throw new FormatException(), static _ => { }));
        var good = world.Watch(shared);
        world.Do(() => shared.Connect());
        world.Mate().Sends("A", Port);
        Assert.That((good.ToString(), world.Trouble), Is.EqualTo(("#InvalidOperationException", nameof(FormatException))));
    }

    [Test]
    public void A_datagram_to_itself_is_counted_and_not_answered_for_ever()
    {
        using var world = new World();
        var socket = Bind(world);
        using var answers = world.Do(() => socket.Subscribe(socket));
        world.Do(() => socket.OnNext(new Datagram("A".ToBytes(), new IPEndPoint(World.Here, Port))));
        Assert.That((socket.Dropped, world.Trouble), Is.EqualTo((1L, "")));
    }

    [Test]
    public void A_datagram_to_port_0_says_what_is_wrong()
    {
        using var world = new World();
        var socket = Bind(world);
        var errors = world.Watch(socket.Errors);
        world.Do(() => socket.OnNext(new Datagram("A".ToBytes(), new IPEndPoint(World.Here, 0))));
        Assert.That(errors.Last.Message, Is.EqualTo(
            "Cannot send a datagram to 10.0.0.1:0: nobody can listen at port 0. Give the receiver's port; who sent from port 0 cannot be answered."));
    }

    [Test]
    public void Take_of_a_stream_of_datagrams_leaves_the_others()
    {
        using var world = new World();
        var socket = Bind(world);
        world.Mate().Sends("A", Port).Sends("B", Port);
        Assert.That(world.Watch(socket.Datagrams().Take(1)).ToString(), Is.EqualTo("A |"));
        Assert.That(world.Watch(socket.Datagrams()).ToString(), Is.EqualTo("B"));
    }

    [Test]
    public void A_reader_that_comes_after_the_hub_is_told()
    {
        var world = new World();
        var (socket, story) = (Bind(world), new Story<Datagram>());
        world.Dispose();
        socket.Receive().Subscribe(story);
        Assert.That(story.Error, Is.InstanceOf<ObjectDisposedException>());
    }

    private static IDatagramSocket Bind(World world, UdpOptions? options = null, int port = Port) =>
        world.Watch(Udp.Bind(new IPEndPoint(IPAddress.Any, port), options, world.Hub)).Last;
}
