namespace Diesel.Reactive.Tests;

/// <summary>User code that throws harms its own connection only, and shows in <see cref="Hub.Errors"/>.</summary>
public class MisbehaviourTests
{
    [Test]
    public void An_observer_that_throws_ends_its_own_connection()
    {
        using var world = new World();
        var (bad, good) = (world.Wire(), world.Wire().Do(c => c.UntilEol().Subscribe(c)));
        bad.Do(c => c.UntilEol().Subscribe(_ => throw new FormatException("no")));
        bad.Peer.Sends("A\r\n");
        good.Peer.Sends("B\r\n");
        Assert.That((bad.Peer.Story, good.Peer.Story, world.Trouble), Is.EqualTo(("#", "B ", nameof(FormatException))));
        Assert.That(world.Errors[0].Source, Is.EqualTo("connection 10.0.0.1:40000 to 10.0.0.1:7"));
    }

    [TestCase(false)]
    [TestCase(true)]
    public void Everybody_who_shares_a_reader_is_told_that_one_of_them_threw(bool badIsFirst)
    {
        var wire = new Wire();
        var shared = wire.Connection.UntilEol().Publish();
        var before = badIsFirst ? null : wire.World.Watch(shared);
        wire.Do(_ => shared.Subscribe(static _ => throw new FormatException(), static _ => { }));
        var good = before ?? wire.World.Watch(shared);
        wire.Do(_ => shared.Connect()).Peer.Sends("A\r\nB\r\n");
        Assert.That((good.ToString(), wire.World.Trouble), Is.EqualTo(
            (badIsFirst ? "#ConnectionException" : "A #ConnectionException", nameof(FormatException))));
        Assert.That(good.Error!.Message, Does.StartWith(
            "connection 10.0.0.1:40000 to 10.0.0.1:7 was aborted because its handler threw FormatException."));
    }

    [Test]
    public void Everybody_who_shares_a_single_read_is_told_that_one_of_them_threw()
    {
        var wire = new Wire();
        var shared = wire.Connection.Read(Framing.UntilEol()).Publish();
        wire.Do(_ => shared.Subscribe(static _ => throw new FormatException(), static _ => { }));
        var good = wire.World.Watch(shared);
        wire.Do(_ => shared.Connect()).Peer.Sends("A\r\n");
        Assert.That((good.ToString(), wire.World.Trouble), Is.EqualTo(("#ConnectionException", nameof(FormatException))));
    }

    [Test]
    public void An_observer_whose_completion_of_a_single_read_throws_is_told_nothing_more()
    {
        var (wire, told) = (new Wire(), new Story<ReadOnlyMemory<byte>>());
        wire.Do(c => c.Read(Framing.UntilEol()).Subscribe(new Throwing(told))).Peer.Sends("A\r\n");
        Assert.That((told.ToString(), wire.World.Trouble), Is.EqualTo(("A |", nameof(FormatException))));
    }

    [Test]
    public void An_observer_whose_completion_throws_ends_its_own_connection()
    {
        var wire = new Wire().Do(c => c.UntilEol().Subscribe(static _ => { }, () => throw new FormatException()));
        wire.Peer.Ends();
        Assert.That((wire.Peer.Story, wire.World.Trouble), Is.EqualTo(("#", nameof(FormatException))));
    }

    [Test]
    public void An_observer_without_a_place_for_errors_shows_them()
    {
        var wire = new Wire().Do(c => c.UntilEol().Subscribe(static _ => { }));
        wire.Peer.Resets();
        Assert.That(wire.World.Trouble, Is.EqualTo(nameof(ConnectionException)));
    }

    [Test]
    public void A_Closed_callback_that_throws_shows_and_the_others_are_called()
    {
        var (wire, called) = (new Wire(), false);
        wire.Connection.Closed.Register(() => called = true);
        wire.Connection.Closed.Register(() => throw new FormatException());
        wire.Connection.Closed.Register(() => throw new TimeoutException());
        var lines = wire.Lines();
        wire.Peer.Resets();
        Assert.That((called, lines.ToString(), wire.World.Trouble), Is.EqualTo(
            (true, "#ConnectionException", "TimeoutException FormatException")));
    }

    [Test]
    public void An_observer_of_Send_that_throws_ends_its_own_connection()
    {
        var wire = new Wire();
        var lines = wire.Lines();
        wire.Do(c => c.Send("A".ToBytes()).Subscribe(_ => throw new FormatException()));
        Assert.That((lines.ToString(), wire.World.Trouble), Is.EqualTo(("#ConnectionException", nameof(FormatException))));
    }

    [Test]
    public void An_observer_of_Send_without_a_place_for_errors_does_not_keep_the_reader_from_its_end()
    {
        var wire = new Wire();
        wire.World.Network.Conditions = new() { Window = 1 };
        wire.Peer.StopsReading();
        var lines = wire.Lines();
        wire.Do(c => c.Send("ABC".ToBytes()).Subscribe());
        wire.Do(c => c.Send("ABC".ToBytes()).Subscribe()).Peer.Resets();
        Assert.That((lines.ToString(), wire.Connection.Closed.IsCancellationRequested), Is.EqualTo(("#ConnectionException", true)));
        Assert.That(wire.World.Trouble, Is.EqualTo("ConnectionException ConnectionException"));
    }

    [Test]
    public void An_observer_of_Writable_that_throws_ends_its_own_connection()
    {
        var wire = new Wire();
        var lines = wire.Lines();
        wire.Peer.StopsReading();
        wire.Do(c => c.Writable.Skip(1).Subscribe(_ => throw new FormatException()));
        wire.Sends(new string('x', 200_000));
        Assert.That((lines.ToString(), wire.World.Trouble), Is.EqualTo(("#ConnectionException", nameof(FormatException))));
    }

    [Test]
    public void A_framing_that_throws_fails_its_reader_only()
    {
        var wire = new Wire();
        var frames = wire.Watch(c => c.Decode(Framing.UntilEol().Select(line => int.Parse(line.TrimEol().ToText()))));
        wire.Peer.Sends("1\r\nx\r\n");
        Assert.That((frames.ToString(), wire.World.Trouble), Is.EqualTo(("1 #FormatException", "")));
        Assert.That(wire.Lines().ToString(), Is.EqualTo("x"));
    }

    [Test]
    public void A_frame_that_is_refused_is_decoded_once()
    {
        var (wire, asked) = (new Wire(), 0);
        var refusing = Framing.UntilEol().Select<int>(_ => throw new FormatException($"{++asked}"));
        wire.Watch(c => c.Read(Framing.UntilEol()));
        wire.Peer.Sends("A\r\nB\r\n");
        var awaited = wire.Converses(async c => await c.Read(refusing));
        Assert.That((awaited.Exception?.InnerException?.Message, asked), Is.EqualTo(("1", 1)));
        var again = wire.Watch(c => c.Read(refusing).Retry(3));
        Assert.That((again.Error?.Message, asked), Is.EqualTo(("1", 1)));
        Assert.That(wire.Lines().ToString(), Is.EqualTo("B"));
    }

    [Test]
    public void What_a_peer_may_not_send_names_the_peer_also_when_it_is_awaited()
    {
        var wire = new Wire();
        wire.Watch(c => c.Read(Framing.UntilEol()));
        wire.Peer.Sends("A\r\nB\r\n");
        var awaited = wire.Converses(async c => await c.Read(Framing.Literal("C")));
        Assert.That(awaited.Exception?.InnerException?.Message, Does.EndWith("(peer: 10.0.0.1:7)"));
    }

    [Test]
    public void An_observer_of_Errors_that_throws_is_dropped_and_the_others_go_on()
    {
        using var world = new World();
        var told = 0;
        using var bad = world.Hub.Errors.Subscribe(_ =>
        {
            told++;
            throw new FormatException();
        });
        world.Do(() => throw new TimeoutException()).Do(() => throw new TimeoutException());
        Assert.That((told, world.Trouble), Is.EqualTo((1, "TimeoutException TimeoutException")));
    }

    /// <summary>Tells another what it is told, and throws when it is complete.</summary>
    private sealed class Throwing(IObserver<ReadOnlyMemory<byte>> told) : IObserver<ReadOnlyMemory<byte>>
    {
        public void OnNext(ReadOnlyMemory<byte> value) => told.OnNext(value);

        public void OnError(Exception error) => told.OnError(error);

        public void OnCompleted()
        {
            told.OnCompleted();
            throw new FormatException();
        }
    }
}
