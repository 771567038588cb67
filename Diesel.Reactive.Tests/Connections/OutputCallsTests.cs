namespace Diesel.Reactive.Tests;

/// <summary>How often the system is called for what is sent, and that large memory is sent where it lies.</summary>
public class OutputCallsTests
{
    private const int MiB = 1024 * 1024;

    [Test]
    public void Many_small_writes_of_all_kinds_in_a_turn_are_one_call()
    {
        var sink = Send(static c =>
        {
            for (var i = 0; i < 600; i++)
            {
                Write(c, 64);
                c.OnNext(new byte[10]);
                c.Send(new byte[20]);
            }
        });
        Assert.That((sink.Calls, sink.Taken), Is.EqualTo((1, 56_400)));
    }

    [Test]
    public void A_head_and_a_body_are_one_call_and_the_body_is_not_copied()
    {
        var body = new byte[MiB];
        var sink = Send(c =>
        {
            Write(c, 100);
            c.Send(body);
        });
        Assert.That((sink.Calls, sink.Taken), Is.EqualTo((1, MiB + 100)));
        Assert.That(sink.Segments[^1].Equals(body.AsMemory()), Is.True, "It lies where it lay.");
    }

    [Test]
    public void Bodies_with_heads_between_are_one_call()
    {
        var (one, two) = (new byte[10_000], new byte[3000]);
        var sink = Send(c =>
        {
            Write(c, 100);
            c.OnNext(one);
            Write(c, 100);
            Write(c, 50);
            c.OnNext(new byte[50]);
            c.OnNext(two);
            Write(c, 10);
        });
        Assert.That(sink.Segments.Select(static segment => segment.Length), Is.EqualTo(new[] { 100, 10_000, 200, 3000, 10 }));
        Assert.That((sink.Segments[1].Equals(one.AsMemory()), sink.Segments[3].Equals(two.AsMemory())), Is.EqualTo((true, true)));
    }

    [Test]
    public void More_segments_than_a_call_takes_are_several_calls()
    {
        var sink = Send(static c =>
        {
            for (var i = 0; i < 100; i++)
            {
                c.OnNext(new byte[3000]);
            }
        });
        Assert.That((sink.Calls, sink.Taken), Is.EqualTo((2, 300_000)));
    }

    [Test]
    public void More_small_writes_than_are_gathered_are_sent_all_the_same()
    {
        var sink = Send(static c =>
        {
            for (var i = 0; i < 1000; i++)
            {
                c.OnNext(new byte[1500]);
            }
        });
        Assert.That(sink.Taken, Is.EqualTo(1_500_000));
        Assert.That(sink.Calls, Is.InRange(23, 26), "64 KiB at a time.");
    }

    [Test]
    public void A_turn_that_sends_much_goes_on_in_the_next()
    {
        using var world = new World();
        var sink = new Sink();
        var connection = world.Do(() => Tcp.Over(sink, null, world.Hub));
        var taken = new List<long>();
        world.Do(() =>
        {
            Write(connection, 100);
            connection.Send(new byte[(2 * MiB) + 500_000]);
            world.Hub.Post(_ => taken.Add(sink.Taken));
        });
        Assert.That((taken[0], sink.Taken), Is.EqualTo((MiB, (2 * MiB) + 500_100)));
    }

    [Test]
    public void What_was_sent_is_not_held()
    {
        using var world = new World();
        var sink = new Sink();
        var connection = world.Do(() => Tcp.Over(sink, null, world.Hub));
        var weak = world.Do(() => Sent(connection));
        sink.Segments.Clear();
        GC.Collect();
        Assert.That(weak.IsAlive, Is.False);
        GC.KeepAlive(connection);
    }

    private static WeakReference Sent(Connection connection)
    {
        var body = new byte[10_000];
        Write(connection, 100);
        connection.OnNext(body);
        return new WeakReference(body);
    }

    private static Sink Send(Action<Connection> action)
    {
        using var world = new World();
        var sink = new Sink();
        world.Do(() => action(Tcp.Over(sink, null, world.Hub)));
        return sink;
    }

    private static void Write(Connection connection, int count)
    {
        connection.Output.GetSpan(count)[..count].Fill((byte)'x');
        connection.Output.Advance(count);
    }
}
