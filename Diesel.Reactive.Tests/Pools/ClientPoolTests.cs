namespace Diesel.Reactive.Tests;

public class ClientPoolTests
{
    private const int Port = 4321;

    private World _world = null!;

    [SetUp]
    public void Begin() => _world = new World();

    [TearDown]
    public void End() => _world.Dispose();

    [Test]
    public void Clients_connect_once_and_are_shared()
    {
        using var peers = Shouting();
        var pool = Clients(new() { MaxIdle = 3 });
        for (var round = 0; round < 3; round++)
        {
            var stories = Enumerable.Range(0, 6).Select(n => _world.Watch(pool.Use(client => client.Shout($"m{n}")))).ToArray();
            Assert.That(stories.Select(story => $"{story}"), Is.EqualTo(Enumerable.Range(0, 6).Select(n => $"M{n} |")));
        }

        Assert.That((pool.Counts.Idle, pool.Counts.Lent), Is.EqualTo((1, 0)));
    }

    [Test]
    public void Actors_at_the_same_time_get_a_connection_each_and_the_surplus_is_closed()
    {
        using var peers = _world.Listens(Port);
        var pool = Clients(new() { MaxIdle = 3 });
        var stories = Enumerable.Range(0, 6).Select(n => _world.Watch(pool.Use(client => client.Shout($"m{n}")))).ToArray();
        for (var n = 0; n < 6; n++)
        {
            peers[n].Sends($"{peers[n].Received.ToUpperInvariant()}");
        }

        _world.Settle();
        Assert.That(stories.Select(story => $"{story}"), Is.EqualTo(Enumerable.Range(0, 6).Select(n => $"M{n} |")));
        Assert.That((peers.Count, pool.Counts.Idle, Enumerable.Range(0, 6).Count(n => peers[n].HasEnded)), Is.EqualTo((6, 3, 3)));
    }

    [Test]
    public void A_refused_connect_is_the_borrowers_error_and_frees_its_place()
    {
        var pool = Clients(new() { Max = 1 });
        Assert.That($"{_world.Watch(pool.Use(client => client.Shout("a")))}", Is.EqualTo("#ConnectionException"));
        using var peers = Shouting();
        Assert.That($"{_world.Watch(pool.Use(client => client.Shout("b")))}", Is.EqualTo("B |"));
    }

    [Test]
    public void An_error_discards_the_connection()
    {
        using var peers = Shouting();
        var pool = Clients(new() { Max = 1 });
        Assert.That($"{_world.Watch(pool.Use(async client =>
        {
            await client.Shout("a");
            throw new InvalidOperationException();
        }))}", Is.EqualTo("#InvalidOperationException"));
        Assert.That($"{_world.Watch(pool.Use(client => client.Shout("b")))}", Is.EqualTo("B |"));
        Assert.That((peers.Count, peers[0].HasEnded), Is.EqualTo((2, true)));
    }

    [Test]
    public void A_call_that_is_given_up_frees_its_place_and_never_answers_the_next_one()
    {
        using var peers = _world.Listens(Port);
        var pool = Clients(new() { Max = 1 });
        var first = _world.Watch(pool.Use(client => client.Shout("first")));
        first.Subscription!.Dispose();
        _world.Settle();
        peers[0].Sends("FIRST\r\n");
        var second = _world.Watch(pool.Use(client => client.Shout("second")));
        peers.Last.Sends("SECOND\r\n");
        _world.Settle();
        Assert.That(($"{second}", peers.Count, pool.Counts.Lent), Is.EqualTo(("SECOND |", 2, 0)));
    }

    [Test]
    public void A_peer_that_never_answers_runs_into_the_borrowers_own_timeout()
    {
        using var peers = _world.Listens(Port);
        var pool = Clients(new() { Max = 1, AcquireTimeout = TimeSpan.FromSeconds(1) });
        var first = _world.Watch(pool.Use(client => client.Shout("a")).Timeout(TimeSpan.FromSeconds(3), _world.Hub));
        var second = _world.Watch(pool.Use(client => client.Shout("b")));
        _world.Passes(4);
        Assert.That(($"{first}", $"{second}", pool.Counts.Lent), Is.EqualTo(("#TimeoutException", "#PoolTimeoutException", 0)));
    }

    [Test]
    public void A_use_that_wins_a_race_keeps_its_connection()
    {
        using var peers = Shouting();
        var pool = Clients(new() { Max = 1 });
        for (var i = 0; i < 3; i++)
        {
            _world.Watch(First.Of(pool.Use(client => client.Shout("a")), _world.Hub.Sleep(TimeSpan.FromSeconds(1))));
        }

        Assert.That((peers.Count, peers[0].Received), Is.EqualTo((1, "a\r\na\r\na\r\n")));
    }

    [Test]
    public void Plain_connections_that_are_over_are_not_lent_again()
    {
        using var peers = _world.Listens(Port);
        var pool = ConnectionPool.Of("10.0.0.1", Port, hub: _world.Hub);
        _world.Watch(pool.Use(connection => connection.Send("a".ToBytes())));
        peers[0].Resets();
        _world.Settle();
        _world.Watch(pool.Use(connection => connection.Send("b".ToBytes())));
        Assert.That((peers.Count, peers.Last.Received), Is.EqualTo((2, "b")));
    }

    [Test]
    public void Borrowers_on_other_threads_share_it_too()
    {
        using var hub = new Hub();
        var (inside, most, made) = (0, 0, 0);
        var pool = Pool.Of(() => ++made, null, new() { Max = 3, AcquireTimeout = Timeout.InfiniteTimeSpan }, hub);
        Parallel.For(0, 8, _ =>
        {
            for (var i = 0; i < 200; i++)
            {
                using var lease = pool.Borrow().Wait();
                var now = Interlocked.Increment(ref inside);
                InterlockedMax(ref most, now);
                Interlocked.Decrement(ref inside);
            }
        });
        pool.Drain(TimeSpan.FromSeconds(30)).Wait();
        Assert.That((most, made), Is.LessThanOrEqualTo((3, 3)));
    }

    private static void InterlockedMax(ref int most, int now)
    {
        for (int seen; (seen = Volatile.Read(ref most)) < now;)
        {
            Interlocked.CompareExchange(ref most, now, seen);
        }
    }

    private Peers Shouting() => _world.Listens(Port, peer => peer.Answers(line => line.ToUpperInvariant() + "\r\n"));

    private Pool<Shouter> Clients(PoolOptions<Shouter> options) => ClientPool.Of(() => new Shouter(_world.Hub), options, _world.Hub);

    private sealed class Shouter(Hub hub) : Client("10.0.0.1", Port, null, hub)
    {
        public Awaitable<string> Shout(string text) => Call(async connection =>
        {
            connection.OnNext($"{text}\r\n".ToBytes());
            return (await connection.Read(Framing.UntilEol())).TrimEol().ToText();
        });
    }
}
