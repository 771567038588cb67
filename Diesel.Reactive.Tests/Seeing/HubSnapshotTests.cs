using System.Buffers;
using System.Net;

namespace Diesel.Reactive.Tests;

public class HubSnapshotTests
{
    private static readonly TimeSpan Long = TimeSpan.FromMinutes(1);

    [Test]
    public void Shows_what_a_connection_waits_for()
    {
        using var world = new World();
        var wire = world.Wire();
        Assert.That(Wait(world), Is.EqualTo("a reader"));
        world.Watch(wire.Connection.Read(Framing.UntilEol()));
        Assert.That(Wait(world), Is.EqualTo("a frame"));
        wire.Peer.Sends("half");
        world.Passes(0.01);
        Assert.That(Wait(world), Is.EqualTo("the rest of a frame"));
        world.Do(wire.Connection.Dispose);
        Assert.That(Wait(world), Is.EqualTo("its peer's end"));
    }

    [Test]
    public void Counts_the_bytes_of_a_connection()
    {
        using var world = new World();
        var wire = world.Wire();
        wire.Peer.Sends("12\r\n345");
        world.Watch(wire.Connection.Read(Framing.UntilEol()));
        world.Do(() => wire.Connection.OnNext("ab".ToBytes()));
        var seen = Take(world).Connections.Single();
        Assert.That((seen.ReceivedBytes, seen.SentBytes, seen.UnreadBytes, seen.PendingBytes), Is.EqualTo((7L, 2L, 3L, 0L)));
    }

    [Test]
    public void Shows_loops_and_what_they_wait_for()
    {
        using var world = new World();
        world.Runs(async () => await world.Hub.Sleep(Long), "sleeper");
        var seen = Take(world);
        Assert.That((seen.LoopCount, string.Join(' ', seen.Loops.Roots.Single().WaitsFor)), Is.EqualTo((1, "a sleep of 00:01:00")));
        Assert.That(seen.ToString(), Does.Match(@"\n\nloops \(1\)\n  sleeper  running"));
    }

    [Test]
    public void Shows_what_the_loop_of_a_handler_waits_for()
    {
        using var world = new World();
        world.Dials(world.Starts(new TcpService(80, async connection => await connection.Read(Framing.Lines()))));
        Assert.That(Take(world).Connections.Single().Handler!.WaitsFor.Single(), Does.StartWith("reading connection"));
    }

    [Test]
    public void Shows_services_with_their_counts()
    {
        using var world = new World();
        world.Dials(world.Starts(new TcpService(80, static connection => connection)));
        var seen = Take(world).Services.Single();
        Assert.That((seen.EndPoint, seen.Counts.Open), Is.EqualTo(((EndPoint)new IPEndPoint(World.Here, 80), 1)));
    }

    [Test]
    public void Shows_pools_and_what_their_borrowers_wait_for()
    {
        using var world = new World();
        var pool = new Pool<int>(Observable.Return(1), options: new() { Name = "ones", Max = 1, AcquireTimeout = Long }, hub: world.Hub);
        world.Watch(pool.Borrow());
        world.Watch(pool.Borrow());
        var seen = Take(world).Pools.Single();
        Assert.That((seen.Name, seen.Counts.Lent, seen.WaitsFor), Is.EqualTo(("ones", 1, "an item to come back")));
    }

    [Test]
    public void Shows_pipelines_and_the_call_at_the_head_of_the_line()
    {
        using var world = new World();
        var wire = world.Wire();
        var pipeline = world.Do(() => new Pipeline<string>(wire.Connection, Framing.Lines(), Correlation.InOrder<string>()));
        world.Watch(pipeline.Ask(new Question()));
        var seen = Take(world);
        Assert.That((seen.Pipelines.Single().Counts.InFlight, seen.Pipelines.Single().WaitsFor, seen.Connections.Single().WaitsFor), Is.EqualTo((1, "a question", "replies")));
    }

    [Test]
    public void Shows_timers_the_next_first_and_counts_those_it_does_not_show()
    {
        using var world = new World();
        foreach (var seconds in (int[])[30, 10, 20])
        {
            world.Watch(world.Hub.Sleep(TimeSpan.FromSeconds(seconds)));
        }

        var seen = Take(world, most: 2);
        Assert.That((seen.TimerCount, string.Join(' ', seen.Timers.Select(timer => $"{timer.DueIn.TotalSeconds:0}"))), Is.EqualTo((3, "10 20")));
        Assert.That(seen.ToString(), Does.Contain("timers (3)").And.Contains("and 1 more"));
    }

    [Test]
    public void Shows_the_timers_of_a_hub_with_a_wheel()
    {
        using var live = new Live();
        var due = live.Run(async () =>
        {
            using var timer = live.Hub.StartTimer(Long, static _ => { }, "a long one");
            return (await live.Hub.Snapshot()).Timers.Single(each => each.What == "a long one").DueIn;
        });
        Assert.That(due, Is.EqualTo(Long).Within(TimeSpan.FromSeconds(30)));
    }

    [Test]
    public void Shows_datagram_sockets()
    {
        using var world = new World();
        world.Watch(Udp.Bind(new IPEndPoint(World.Here, 53), hub: world.Hub));
        Assert.That(Take(world).Datagrams.Single().LocalEndPoint, Is.EqualTo(new IPEndPoint(World.Here, 53)));
    }

    [Test]
    public void Is_text_with_a_line_for_each_thing()
    {
        using var world = new World();
        world.Dials(world.Starts(new TcpService(80, static connection => connection.UntilEol())));
        Assert.That(Take(world).ToString(), Does.Match(
            @"^Diesel\.Reactive hub.* at .*: \d+ turns, 0 queued\n\nservices \(1\)\n  TCP service at 10\.0\.0\.1:80; 1 open.*\n\nconnections \(1\)\n  10\.0\.0\.1:80 to 10\.0\.0\.1:\d+; waits for a frame\n"));
    }

    [Test]
    public void Is_taken_from_another_thread()
    {
        using var live = new Live();
        Assert.That(live.Hub.Snapshot().AsTask().WaitAsync(Live.Patience).Result.Name, Is.EqualTo(live.Hub.Sight.Name));
    }

    [Test]
    public void A_hub_that_has_ended_gives_none()
    {
        var hub = new Hub();
        hub.Dispose();
        Assert.That(() => hub.Snapshot().AsTask().WaitAsync(Live.Patience), Throws.InstanceOf<ObjectDisposedException>());
    }

    [Test]
    public void A_list_has_a_bound_that_is_no_negative_number() =>
        Assert.That(static () => Hub.Default.Snapshot(-1), Throws.InstanceOf<ArgumentOutOfRangeException>());

    private static HubSnapshot Take(World world, int most = 100) => world.Watch(world.Hub.Snapshot(most)).Last;

    private static string Wait(World world) => Take(world).Connections.Single().WaitsFor;

    private sealed class Question : Call<string, string>
    {
        public override string ToString() => "a question";

        protected internal override void Write(IBufferWriter<byte> output) => output.Write("?\r\n"u8);

        protected override string Read(string reply) => reply;
    }
}
