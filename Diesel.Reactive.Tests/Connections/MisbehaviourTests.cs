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
}
