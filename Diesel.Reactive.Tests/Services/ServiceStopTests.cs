namespace Diesel.Reactive.Tests;

public class ServiceStopTests
{
    [Test]
    public void A_service_without_connections_stops_at_once()
    {
        using var world = new World();
        var service = world.Starts(new TcpService(7, static c => c));
        Assert.That(world.Watch(service.Stop()).ToString(), Is.EqualTo("() |"));
        Assert.That(() => world.Dials(7), Throws.InstanceOf<ConnectionException>());
    }

    [Test]
    public void Stopping_a_service_that_was_not_started_is_done_at_once() =>
        Assert.That(new World().Watch(new TcpService(7, static c => c).Stop()).ToString(), Is.EqualTo("() |"));

    [Test]
    public void Disposing_stops_and_waits_for_the_end()
    {
        using var world = new World();
        var (service, disposed) = (world.Starts(new TcpService(7, static c => c.UntilEol())), false);
        var peer = world.Dials(service).Sends("A\r\n");
        world.Hub.Fork(async () =>
        {
            await using (service)
            {
            }

            disposed = true;
        });
        world.Settle();
        Assert.That((peer.Story, disposed), Is.EqualTo(("A |", false)));
        peer.Ends();
        Assert.That(disposed, Is.True);
    }

    [Test]
    public void A_service_that_was_stopped_does_not_start_again()
    {
        using var world = new World();
        using var group = new HubGroup(1);
        IService[] services = [new TcpService(7, static c => c), new UdpService(8, static s => s), new TcpServiceGroup(0, static c => c, group)];
        foreach (var service in services)
        {
            world.Starts(service).Stop();
            Assert.That(() => service.Start(world.Hub), Throws.InvalidOperationException.With.Message.EndsWith(
                " was stopped and does not start again: make a new one."));
        }
    }

    [Test]
    public void Idle_connections_end_at_once_as_if_their_peers_had_ended()
    {
        using var world = new World();
        var service = world.Starts(new TcpService(7, static c => c.UntilEol().Concat(Observable.Return("bye\r\n".ToBytes()))));
        var peer = world.Dials(service).Sends("A\r\n");
        var stopped = world.Watch(service.Stop());
        Assert.That((peer.Story, stopped.ToString()), Is.EqualTo(("A bye |", "")));
        peer.Ends();
        Assert.That((stopped.ToString(), service.ConnectionCount), Is.EqualTo(("() |", 0)));
    }

    [Test]
    public void A_sequential_handler_at_rest_ends_at_once()
    {
        using var world = new World();
        var service = world.Starts(new TcpService(7, async c =>
        {
            while (true)
            {
                c.OnNext(await c.Read(Framing.UntilEol()));
            }
        }));
        var peer = world.Dials(service).Sends("A\r\n");
        world.Watch(service.Stop());
        Assert.That((peer.Story, world.Trouble), Is.EqualTo(("A |", "")));
    }

    [Test]
    public void A_connection_inside_a_frame_may_finish_it()
    {
        using var world = new World();
        var service = world.Starts(new TcpService(7, static c => c.UntilEol()));
        var peer = world.Dials(service).Sends("HAL");
        var stopped = world.Watch(service.Stop());
        Assert.That(peer.Story, Is.Empty);
        Assert.That(peer.Sends("LO\r\n").Story, Is.EqualTo("HALLO |"));
        Assert.That((peer.Ends().Story, stopped.ToString()), Is.EqualTo(("HALLO |", "() |")));
    }

    [Test]
    public void What_has_not_ended_by_the_deadline_is_aborted()
    {
        using var world = new World();
        var service = world.Starts(new TcpService(7, static c => c.UntilEol(), new() { DrainTimeout = TimeSpan.FromSeconds(3) }));
        var peer = world.Dials(service).Sends("HAL");
        var stopped = world.Watch(service.Stop());
        for (var i = 0; i < 29; i++)
        {
            world.Passes(0.1);
            peer.Sends("x");
        }

        Assert.That((peer.Story, stopped.ToString()), Is.EqualTo(("", "")));
        world.Passes(0.2);
        Assert.That((peer.Story, stopped.ToString()), Is.EqualTo(("#", "() |")));
        Assert.That(world.Errors.Single().Exception, Is.InstanceOf<TimeoutException>().With.Message.EqualTo(
            "TCP service at 10.0.0.1:7 was stopped and the handler did not end within DrainTimeout (00:00:03)."));
    }

    [Test]
    public void A_peer_that_sends_no_more_of_its_frame_does_not_cost_all_the_time()
    {
        using var world = new World();
        var service = world.Starts(new TcpService(7, static c => c.UntilEol()));
        var peer = world.Dials(service).Sends("A\r\nHAL");
        var stopped = world.Watch(service.Stop());
        world.Passes(2.6);
        Assert.That((peer.Story, peer.Ends().Story, stopped.ToString()), Is.EqualTo(("A |", "A |", "() |")));
        Assert.That(world.Errors.Single(), Has.Property("Kind").EqualTo(HubErrorKind.Peer).And.Property("Exception").With.Message.EndWith(
            " was closed: its service was stopped, and for 00:00:02 nothing more came of the frame it had begun."));
    }

    [Test]
    public void The_deadline_ends_a_close_that_still_makes_progress()
    {
        using var world = new World();
        var service = world.Starts(new TcpService(
            7, static c => Observable.Return<ReadOnlyMemory<byte>>(new byte[1_000_000]), new() { CloseTimeout = TimeSpan.FromHours(1) }));
        var peer = world.Dials(service).StopsReading();
        var stopped = world.Watch(service.Stop());
        for (var i = 0; i < 79; i++)
        {
            world.Passes(0.1);
            peer.ReadsOn().StopsReading();
        }

        Assert.That((peer.IsReset, stopped.ToString()), Is.EqualTo((false, "")));
        world.Passes(0.3);
        Assert.That((stopped.ToString(), world.Trouble), Is.EqualTo(("() |", "")));
    }

    [Test]
    public void A_handler_that_does_not_end_by_the_deadline_is_killed()
    {
        using var world = new World();
        var cleaned = false;
        var service = world.Starts(new TcpService(7, async _ =>
        {
            try
            {
                await world.Hub.Sleep(TimeSpan.FromHours(1));
            }
            finally
            {
                cleaned = true;
            }
        }, new() { DrainTimeout = TimeSpan.FromSeconds(3) }));
        world.Dials(service);
        var stopped = world.Watch(service.Stop());
        world.Passes(3.1);
        Assert.That((cleaned, stopped.ToString()), Is.EqualTo((true, "() |")));
    }

    [Test]
    public void Connections_completes_when_the_service_has_stopped()
    {
        using var world = new World();
        var service = world.Starts(new TcpService(7, static c => c));
        var connections = world.Watch(service.Connections);
        world.Watch(service.Stop());
        Assert.That(connections.IsCompleted, Is.True);
    }

    [Test]
    public void Observers_that_throw_keep_neither_the_service_from_stopping_nor_its_handlers_from_their_end()
    {
        using var world = new World();
        Exception? told = null;
        var service = world.Starts(new TcpService(7, c => c.UntilEol().Do(static _ => { }, error => told = error)));
        world.Dials(service).Sends("HAL");
        world.Do(() => service.Connections.Subscribe(static _ => { }, static () => throw new FormatException()));
        world.Do(() => service.Stop().Subscribe(static _ => throw new FormatException()));
        world.Passes(11);
        Assert.That((told?.GetType(), world.Trouble), Is.EqualTo((typeof(TimeoutException), "TimeoutException FormatException FormatException")));
    }

    [Test]
    public void Stop_can_be_called_twice()
    {
        using var world = new World();
        var service = world.Starts(new TcpService(7, static c => c));
        Assert.That((world.Watch(service.Stop()).ToString(), world.Watch(service.Stop()).ToString()), Is.EqualTo(("() |", "() |")));
    }

    [Test]
    public void A_peer_that_waited_for_a_place_is_refused_by_Stop()
    {
        using var world = new World();
        var service = world.Starts(new TcpService(7, static c => c, new() { MaxConnections = 1 }));
        var (served, waiting) = (world.Dials(service), world.Dials(service));
        world.Watch(service.Stop());
        Assert.That((served.Ends().Story, waiting.Story), Is.EqualTo(("|", "#")));
    }
}
