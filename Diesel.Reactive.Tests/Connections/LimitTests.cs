namespace Diesel.Reactive.Tests;

/// <summary>Upper bounds of rates, on the hub's clock.</summary>
public class LimitTests
{
    private const int Rate = 10_000;

    private static readonly byte[] Much = new byte[100_000];

    [Test]
    public void Output_goes_at_the_rate_and_no_faster()
    {
        var wire = new Wire();
        wire.Do(static c => c.Limit(Rate)).Do(static c => c.OnNext(Much));
        AssertPaced(wire, () => wire.Peer.Received.Length);
        Assert.That(wire.Connection.PendingBytes, Is.Zero);
    }

    [Test]
    public void Small_writes_go_at_the_rate_as_well()
    {
        var wire = new Wire();
        wire.Do(static c => c.Limit(Rate)).Do(static c =>
        {
            for (var i = 0; i < 1000; i++)
            {
                c.OnNext(Much.AsMemory(0, 100));
            }
        });
        AssertPaced(wire, () => wire.Peer.Received.Length);
    }

    [Test]
    public void Input_comes_at_the_rate_and_no_faster_and_what_may_not_stays_with_the_peer()
    {
        var (wire, read) = (new Wire(), 0);
        wire.World.Network.Conditions = new() { Cut = Testing.Cut.Of(static there => Math.Min(there, 1000)) };
        wire.Do(static c => c.Limit(Rate)).Do(c => c.Subscribe(chunk => read += chunk.Length));
        wire.Peer.Sends(Much);
        Assert.That(wire.Connection.Life.Input.Buffered, Is.Zero);
        AssertPaced(wire, () => read);
    }

    [Test]
    public void A_file_that_is_read_goes_at_the_rate_as_well()
    {
        var wire = new Wire();
        using var file = new TestFile(new string('x', Much.Length));
        wire.Do(static c => c.Limit(Rate)).Do(c => c.SendFile(file.Path));
        AssertPaced(wire, () => wire.Peer.Received.Length);
    }

    [Test]
    public void Whoever_has_left_while_it_made_him_wait_gets_nothing_received()
    {
        var wire = new Wire();
        wire.World.Network.Conditions = new() { Cut = Testing.Cut.Of(static there => Math.Min(there, 1000)) };
        var chunks = wire.Do(static c => c.Limit(Rate)).Watch(static c => c);
        wire.Peer.Sends(Much);
        wire.Do(_ => chunks.Subscription!.Dispose()).Passes(10);
        Assert.That(wire.Connection.Life.Input.Buffered, Is.Zero);
    }

    [Test]
    public void A_connection_that_waits_holds_little_memory_for_it_and_none_when_it_is_lifted()
    {
        using var world = new World();
        var throttle = world.Do(() => new Throttle(world.Hub, static () => { }));
        var bucket = new TokenBucket(100_000, default);
        throttle.Add(bucket);
        Assert.That((throttle.TryBound(default, out var room), room.Length), Is.EqualTo((true, 4096)));
        throttle.Remove(bucket);
        Assert.That((throttle.TryBound(default, out room), room.Length), Is.EqualTo((true, 0)));
    }

    [Test]
    public void It_can_be_changed_while_it_runs()
    {
        var wire = new Wire();
        RateLimit limit = null!;
        wire.Do(c => limit = c.Limit(1, Direction.Output)).Do(static c => c.OnNext(Much)).Passes(10);
        Assert.That(wire.Peer.Received.Length, Is.InRange(9, 12));
        limit.BytesPerSecond = Rate;
        wire.Passes(1);
        Assert.That((limit.BytesPerSecond, wire.Peer.Received.Length), Is.EqualTo(((long)Rate, Rate)).Using<int>(static (a, b) => Math.Abs(a - b) < 2000));
    }

    [Test]
    public void Lifted_it_lets_everything_go_at_once()
    {
        var wire = new Wire();
        RateLimit limit = null!;
        wire.Do(c => limit = c.Limit(1)).Do(static c => c.OnNext(Much)).Passes(10);
        limit.Dispose();
        limit.Dispose();
        wire.Passes(0.2);
        Assert.That(wire.Peer.Received.Length, Is.EqualTo(Much.Length));
    }

    [Test]
    public void Of_several_the_least_counts()
    {
        var wire = new Wire();
        wire.Do(static c => c.Limit(10 * Rate)).Do(static c => c.Limit(Rate)).Do(static c => c.Limit(3 * Rate)).Do(static c => c.OnNext(Much));
        AssertPaced(wire, () => wire.Peer.Received.Length);
    }

    [Test]
    public void One_direction_leaves_the_other_alone()
    {
        var wire = new Wire();
        var read = 0;
        wire.Do(static c => c.Limit(1, Direction.Output)).Do(c => c.Subscribe(chunk => read += chunk.Length));
        wire.Peer.Sends(Much);
        wire.Passes(0.1);
        Assert.That(read, Is.EqualTo(Much.Length));
    }

    [Test]
    public void A_close_takes_the_time_that_the_limit_asks_for()
    {
        var wire = new Wire(new() { CloseTimeout = TimeSpan.FromSeconds(2) });
        wire.Do(static c => c.Limit(Rate)).Do(static c => c.OnNext(Much)).Do(static c => c.Dispose());
        AssertPaced(wire, () => wire.Peer.Received.Length);
        Assert.That(wire.Peer.HasEnded, Is.True);
    }

    [Test]
    public void The_end_of_the_peer_waits_for_nothing()
    {
        var wire = new Wire();
        var all = wire.Do(static c => c.Limit(1)).Watch(static c => c.ReadSome());
        wire.Peer.Ends();
        wire.Passes(1);
        Assert.That(all.ToString(), Is.EqualTo("|"));
    }

    [Test]
    public void It_may_be_set_from_any_thread_and_behind_the_end()
    {
        var wire = new Wire();
        using (wire.Connection.Limit(Rate))
        {
            wire.Do(static c => c.Abort()).Passes(10);
        }

        wire.Hub.Dispose();
        Assert.That(() => wire.Connection.Limit(Rate).Dispose(), Throws.Nothing);
    }

    [Test]
    public void What_makes_no_sense_is_refused()
    {
        var connection = new Wire().Connection;
        Assert.That(() => connection.Limit(0), Throws.InstanceOf<ArgumentOutOfRangeException>());
        Assert.That(() => connection.Limit(1).BytesPerSecond = 0, Throws.InstanceOf<ArgumentOutOfRangeException>());
        Assert.That(() => connection.Limit(1, (Direction)4), Throws.InstanceOf<ArgumentOutOfRangeException>());
    }

    private static void AssertPaced(Wire wire, Func<int> passed)
    {
        var began = wire.World.Now;
        for (var i = 0; i < 99; i++)
        {
            wire.Passes(0.1);
            var ideal = (int)((wire.World.Now - began) * Rate);
            Assert.That(passed(), Is.InRange(ideal - 2500, ideal + 2500));
        }

        wire.Passes(1);
        Assert.That(passed(), Is.EqualTo(Much.Length));
    }
}
