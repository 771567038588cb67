using System.Net;

namespace Diesel.Reactive.Tests;

/// <summary>Reads with a time limit of their own.</summary>
public class TimedReadingTests
{
    private static readonly Framing<ReadOnlyMemory<byte>> Line = Framing.UntilEol();
    private static readonly TimeSpan Second = TimeSpan.FromSeconds(1);

    [Test]
    public void A_frame_in_time_is_read_as_any()
    {
        var wire = new Wire();
        var line = Reading(wire);
        wire.Passes(0.9).Peer.Sends("A\r\n");
        wire.Passes(10);
        Assert.That(line.ToString(), Is.EqualTo("A |"));
    }

    [Test]
    public void A_late_one_is_an_error_that_says_where_what_and_how_much_and_consumes_nothing()
    {
        var wire = new Wire();
        var late = Reading(wire);
        wire.Peer.Sends("HAL");
        wire.Passes(1.1);
        Assert.That(late.Error, Is.InstanceOf<TimeoutException>().With.Message.EqualTo(
            $"{wire.Connection} gave no whole frame of bytes within 00:00:01: 00:00:01 passed, 3 bytes of it had come."));
        wire.Peer.Sends("LO\r\n");
        Assert.That(wire.Lines().ToString(), Is.EqualTo("HALLO"));
    }

    [Test]
    public void Of_a_frame_that_announces_its_length_it_says_what_is_missing()
    {
        var wire = new Wire();
        var late = wire.Watch(static c => c.Read(Framing.Bytes(10), Second));
        wire.Peer.Sends("HAL");
        wire.Passes(1.1);
        Assert.That(late.Error!.Message, Does.EndWith("3 bytes of it had come, 7 were missing."));
    }

    [Test]
    public void Each_read_has_its_time_though_one_timer_serves_all()
    {
        var wire = new Wire();
        for (var i = 0; i < 10; i++)
        {
            var line = Reading(wire);
            wire.Passes(0.7).Peer.Sends("A\r\n");
            Assert.That(line.ToString(), Is.EqualTo("A |"));
        }

        var late = Reading(wire);
        wire.Passes(0.99);
        Assert.That(late.ToString(), Is.Empty);
        wire.Passes(0.02);
        Assert.That(late.ToString(), Is.EqualTo("#TimeoutException"));
    }

    [Test]
    public void Reads_of_several_limits_have_each_their_own()
    {
        var wire = new Wire();
        var slow = wire.Watch(static c => c.Read(Line, 3 * Second));
        wire.Do(_ => slow.Subscription!.Dispose());
        wire.Passes(0.5);
        var quick = Reading(wire);
        wire.Passes(1.1);
        var slowAgain = wire.Watch(static c => c.Read(Line, 3 * Second));
        wire.Passes(2.5);
        Assert.That((quick.ToString(), slowAgain.ToString()), Is.EqualTo(("#TimeoutException", "")));
        wire.Passes(0.6);
        Assert.That(slowAgain.ToString(), Is.EqualTo("#TimeoutException"));
    }

    [Test]
    public void Reads_of_many_framings_and_limits_leave_no_timers_behind_nor_does_the_connection([Values] bool isWaitedFor)
    {
        var wire = new Wire();
        for (var i = 1; i < 100; i++)
        {
            var line = wire.Watch(c => c.Read(Framing.UntilEol(maxLength: i), (10 + (i % 2)) * Second));
            wire.Peer.Sends("\r\n");
            Assert.That(line.ToString(), Is.EqualTo("'' |"));
        }

        _ = isWaitedFor ? wire.Watch(static c => c.Read(Line, TimeSpan.FromHours(1))) : null;
        wire.Do(static c => c.Abort());
        var before = wire.World.Clock.Clock;
        wire.World.Clock.Start();
        Assert.That(TimeSpan.FromTicks(wire.World.Clock.Clock - before), Is.LessThan(Second));
    }

    [Test]
    public void A_time_of_zero_takes_what_is_there()
    {
        var wire = new Wire();
        wire.Peer.Sends("A\r\n");
        wire.Watch(static c => c.ReadSome(1));
        Assert.That(wire.Watch(static c => c.Read(Line, TimeSpan.Zero)).ToString(), Is.EqualTo("'' |"));
        Assert.That(wire.Watch(static c => c.Read(Line, TimeSpan.Zero)).ToString(), Is.EqualTo("#TimeoutException"));
    }

    [Test]
    public void A_time_without_end_is_none()
    {
        var connection = new Wire().Connection;
        Assert.That(connection.Read(Line, Timeout.InfiniteTimeSpan), Is.SameAs(connection.Read(Line)));
    }

    [Test]
    public void A_negative_time_is_refused() =>
        Assert.That(() => new Wire().Connection.Read(Line, TimeSpan.FromTicks(-2)), Throws.InstanceOf<ArgumentOutOfRangeException>());

    [Test]
    public void What_reads_on_after_it_was_late_may_do_so_at_once()
    {
        var wire = new Wire();
        var lines = wire.Watch(static c => c.Read(Line, Second).Catch(c.Read(Line, Second)).Catch(c.Read(Line)));
        wire.Passes(2.5).Peer.Sends("A\r\n");
        Assert.That(lines.ToString(), Is.EqualTo("A |"));
    }

    [Test]
    public void It_is_late_though_its_connection_is_held()
    {
        var wire = new Wire();
        wire.Do(static c => c.Pause());
        var late = Reading(wire);
        wire.Peer.Sends("A\r\n");
        wire.Passes(1.1);
        Assert.That(late.ToString(), Is.EqualTo("#TimeoutException"));
    }

    [Test]
    public void Its_hubs_end_ends_it()
    {
        var wire = new Wire();
        var late = Reading(wire);
        wire.Hub.Dispose();
        Assert.That(late.Error, Is.Not.Null.And.Not.InstanceOf<TimeoutException>());
    }

    [Test]
    public void An_awaited_read_that_waits_costs_hardly_more_with_a_limit()
    {
        var (plain, timed) = (CostOf(static c => c.Read(Line)), CostOf(static c => c.Read(Line, TimeSpan.FromHours(1))));
        Assert.That(timed, Is.LessThanOrEqualTo(plain + 16));
    }

    private static Story<ReadOnlyMemory<byte>> Reading(Wire wire) => wire.Watch(static c => c.Read(Line, Second));

    private static double CostOf(Func<Connection, Awaitable<ReadOnlyMemory<byte>>> read)
    {
        const int Some = 2000;
        using var world = new World();
        var (transport, line, count, allocated) = (new StillTransport(), "xx\r\n".ToBytes(), 0, 0L);
        world.Do(() => world.Hub.Fork(async () =>
        {
            for (var connection = Tcp.Over(transport, null, world.Hub); ; count++)
            {
                await read(connection);
            }
        }));
        world.Do(() =>
        {
            for (var i = 0; i < 2 * Some; i++)
            {
                allocated = i == Some ? GC.GetAllocatedBytesForCurrentThread() : allocated;
                transport.Handler.OnReceived(line);
            }

            allocated = GC.GetAllocatedBytesForCurrentThread() - allocated;
        });
        Assert.That(count, Is.EqualTo(2 * Some));
        return (double)allocated / Some;
    }

    /// <summary>A transport whose chunks the test hands over itself.</summary>
    private sealed class StillTransport : ITransport
    {
        public ITransportHandler Handler { get; private set; } = null!;

        public EndPoint LocalEndPoint { get; } = new IPEndPoint(IPAddress.Loopback, 1);

        public EndPoint RemoteEndPoint { get; } = new IPEndPoint(IPAddress.Loopback, 2);

        public long UntakenBytes => 0;

        public void Start(ITransportHandler handler) => Handler = handler;

        public void Receive()
        {
        }

        public int Send(ReadOnlySpan<byte> bytes) => bytes.Length;

        public void ShutdownSend()
        {
        }

        public void Close()
        {
        }

        public void Abort()
        {
        }
    }
}
