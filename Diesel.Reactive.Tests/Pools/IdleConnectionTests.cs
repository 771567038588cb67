using System.Reactive;
using System.Reactive.Subjects;

namespace Diesel.Reactive.Tests;

/// <summary>An idle item that is no good any more leaves its pool at once.</summary>
public class IdleConnectionTests
{
    private const int Port = 4321;

    [Test]
    public void A_farewell_is_nobodys_reply()
    {
        using var world = new World();
        using var peers = Shouting(world);
        var pool = ConnectionPool.Of("10.0.0.1", Port, hub: world.Hub);
        world.Watch(pool.Use(c => Ask(c, "a")));
        peers[0].Sends("421 idle, closing\r\n").Ends();
        Assert.That((pool.Counts.Idle, pool.Counts.Closed), Is.EqualTo((0, 1)));
        Assert.That((world.Watch(pool.Use(c => Ask(c, "b"))).ToString(), peers.Count), Is.EqualTo(("B |", 2)));
    }

    [TestCase("x", false, false)]
    [TestCase("", true, false)]
    [TestCase("", false, true)]
    public void An_unread_byte_a_FIN_or_a_reset_frees_the_place_at_once(string unasked, bool ends, bool resets)
    {
        using var world = new World();
        using var peers = Shouting(world);
        var pool = ConnectionPool.Of("10.0.0.1", Port, new() { Max = 1 }, hub: world.Hub);
        world.Watch(pool.Use(c => Ask(c, "a")));
        peers[0].Sends(unasked);
        _ = ends ? peers[0].Ends() : resets ? peers[0].Resets() : peers[0];
        Assert.That((pool.Counts.Idle, pool.Counts.Closed, pool.Counts.Lent), Is.EqualTo((0, 1, 0)));
        Assert.That(world.Errors, Is.Empty);
    }

    [Test]
    public void A_connection_with_an_unread_byte_is_not_given_to_who_waits()
    {
        using var world = new World();
        using var peers = Shouting(world);
        var pool = ConnectionPool.Of("10.0.0.1", Port, new() { Max = 1 }, hub: world.Hub);
        var first = world.Watch(pool.Borrow());
        var second = world.Watch(pool.Use(c => Ask(c, "b")));
        world.Watch(first.Last.Value.Read(Framing.UntilEol()));
        peers[0].Sends("one\r\ntwo\r\n");
        world.Do(first.Last.Dispose);
        Assert.That((second.ToString(), peers.Count), Is.EqualTo(("B |", 2)));
    }

    [Test]
    public void A_connection_that_stays_quiet_is_lent_again()
    {
        using var world = new World();
        using var peers = Shouting(world);
        var pool = ConnectionPool.Of("10.0.0.1", Port, hub: world.Hub);
        var answers = Enumerable.Range(0, 5).Select(n => world.Watch(pool.Use(c => Ask(c, $"a{n}")))).ToList();
        Assert.That((string.Join(' ', answers), peers.Count), Is.EqualTo(("A0 | A1 | A2 | A3 | A4 |", 1)));
    }

    [Test]
    public void A_connection_that_chatters_when_it_is_validated_is_not_lent()
    {
        using var world = new World();
        using var peers = world.Listens(Port, static peer => peer.Answers(static line => line == "ping" ? "PONG\r\nstale\r\n" : line.ToUpperInvariant() + "\r\n"));
        var pool = ConnectionPool.Of("10.0.0.1", Port, new() { Validate = static c => Ask(c, "ping") }, hub: world.Hub);
        world.Watch(pool.Use(c => Ask(c, "a")));
        Assert.That((world.Watch(pool.Use(c => Ask(c, "b"))).ToString(), peers.Count), Is.EqualTo(("B |", 2)));
    }

    [TestCase("value")]
    [TestCase("error")]
    [TestCase("end")]
    public void Any_pool_can_watch_its_idle_items(string how)
    {
        using var world = new World();
        var (made, closed, watches) = (0, new List<int>(), new List<Subject<Unit>>());
        var pool = Pool.Of(() => ++made, closed.Add, new() { Watch = _ => Added(watches) }, world.Hub);
        var lease = world.Watch(pool.Borrow()).Last;
        Assert.That(watches, Is.Empty);
        world.Do(lease.Dispose);
        world.Do(() => Tell(watches[0], how));
        Assert.That((pool.Counts.Idle, string.Join(' ', closed), watches[0].HasObservers), Is.EqualTo((0, "1", false)));
    }

    [Test]
    public void Nobody_watches_an_item_that_is_lent_or_closed()
    {
        using var world = new World();
        var watches = new List<Subject<Unit>>();
        var pool = Pool.Of(() => 1, null, new() { Watch = _ => Added(watches), IdleTimeout = TimeSpan.FromSeconds(1) }, world.Hub);
        world.Do(world.Watch(pool.Borrow()).Last.Dispose);
        var lease = world.Watch(pool.Borrow()).Last;
        Assert.That(watches[0].HasObservers, Is.False);
        world.Do(lease.Dispose).Passes(2);
        Assert.That((watches.Count, watches[1].HasObservers, pool.Counts.Idle), Is.EqualTo((2, false, 0)));
        world.Do(world.Watch(pool.Borrow()).Last.Dispose);
        world.Watch(pool.Drain());
        Assert.That(watches[2].HasObservers, Is.False);
    }

    [TestCase(true)]
    [TestCase(false)]
    public void A_watch_that_throws_or_is_null_shows_and_the_item_is_closed(bool isNull)
    {
        using var world = new World();
        var pool = Pool.Of(() => 1, null, new() { Watch = _ => isNull ? null! : throw new FormatException() }, world.Hub);
        world.Do(world.Watch(pool.Borrow()).Last.Dispose);
        Assert.That((pool.Counts.Idle, pool.Counts.Closed, world.Trouble), Is.EqualTo((0, 1, isNull ? "InvalidOperationException" : "FormatException")));
    }

    [Test]
    public void Idle_connections_end_with_their_hub_without_a_sound()
    {
        using var world = new World();
        using var peers = Shouting(world);
        var pool = ConnectionPool.Of("10.0.0.1", Port, hub: world.Hub);
        world.Watch(pool.Use(c => Ask(c, "a")));
        world.Hub.Dispose();
        Assert.That((world.Trouble, pool.Counts.Idle), Is.EqualTo(("", 0)));
    }

    private static void Tell(Subject<Unit> watch, string how)
    {
        switch (how)
        {
            case "value":
                watch.OnNext(default);
                break;
            case "error":
                watch.OnError(new IOException());
                break;
            default:
                watch.OnCompleted();
                break;
        }
    }

    private static Subject<Unit> Added(List<Subject<Unit>> watches)
    {
        watches.Add(new Subject<Unit>());
        return watches[^1];
    }

    private static async Task<string> Ask(Connection connection, string question)
    {
        connection.OnNext($"{question}\r\n".ToBytes());
        return (await connection.Read(Framing.UntilEol())).TrimEol().ToText();
    }

    private static Peers Shouting(World world) => world.Listens(Port, static peer => peer.Answers(static line => line.ToUpperInvariant() + "\r\n"));
}
