using System.Globalization;
using System.Net;
using System.Net.Sockets;

namespace Diesel.Reactive.Tests;

/// <summary>One pipeline, callers on several threads: replies come back to where each of them is.</summary>
public class SharedPipelineTests
{
    [TestCase(HubKind.Epoll)]
    [TestCase(HubKind.Portable)]
    public void Callers_on_other_threads_and_hubs_get_their_replies_where_they_are(HubKind kind)
    {
        using var live = new Live(new HubOptions { Portable = kind == HubKind.Portable });
        using var other = new Live();
        var service = live.Starts(new TcpService(0, connection => connection.UntilEol()));
        var connection = live.Await(Tcp.Connect("127.0.0.1", service.Port, hub: live.Hub));
        using var pipeline = new Pipeline<Said>(connection, Tongue.InOrder.Framing, Tongue.InOrder.Correlation);

        async Task<bool> Asks(int who, Hub? home)
        {
            for (var n = 0; n < 300; n++)
            {
                var text = $"{who}-{n}";
                if (await pipeline.Ask(new Say(Tongue.InOrder, text)) != text || Hub.Current != home)
                {
                    return false;
                }
            }

            return true;
        }

        var pool = Enumerable.Range(0, 3).Select(who => Task.Run(() => Asks(who, null)));
        var hubs = new[] { live, other }.Select((each, who) => Task.Run(() => each.Run(() => Asks(10 + who, each.Hub))));
        Assert.That(live.Await(Task.WhenAll([.. pool, .. hubs])), Is.All.True);
    }

    [Test]
    public void Calls_from_other_threads_can_be_abandoned_from_there()
    {
        using var live = new Live();
        var service = live.Starts(new TcpService(0, connection => connection.UntilEol()));
        var connection = live.Await(Tcp.Connect("127.0.0.1", service.Port, hub: live.Hub));
        using var pipeline = new Pipeline<Said>(connection, Tongue.InOrder.Framing, Tongue.InOrder.Correlation);
        Parallel.For(0, 1000, n =>
        {
            var call = pipeline.Ask(new Say(Tongue.InOrder, n.ToString(CultureInfo.InvariantCulture))).Subscribe(static _ => { }, static _ => { });
            if (n % 2 == 0)
            {
                call.Dispose();
            }
        });
        Assert.That(live.Await(pipeline.Ask(new Say(Tongue.InOrder, "last"))), Is.EqualTo("last"));
        Assert.That(live.Do(() => pipeline.IsIdle), Is.True);
    }

    [Test]
    public void Law_11_what_the_system_has_sent_meanwhile_was_not_never_sent()
    {
        using var live = new Live(new HubOptions { Portable = true });
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        var connection = live.Await(Tcp.Connect(listener.LocalEndpoint, hub: live.Hub));
        using var peer = listener.AcceptSocket();
        var queue = new CallQueue<Said>(hub: live.Hub);
        Bare[] calls = [.. Enumerable.Range(0, 10_000).Select(n => new Bare(Tongue.InOrder, $"{n} {new string('x', 5000)}"))];
        var pipeline = live.Do(() =>
        {
            Array.ForEach(calls, call => queue.Send(call));
            return new Pipeline<Said>(connection, Tongue.InOrder.Framing, Tongue.InOrder.Correlation, new() { MaxInFlight = calls.Length }, queue);
        });
        Assert.That(() => live.Do(() => connection.Feature<ISendsLater>()!.Uncounted), Is.Positive.After((int)Live.Patience.TotalMilliseconds, 10));
        var begun = live.Do(() =>
        {
            var (buffer, received, lines, isWhole) = (new byte[1024 * 1024], 0L, 0, false);
            var all = connection.Life.Output.SentTotal + connection.Feature<ISendsLater>()!.Uncounted;
            while (received < all)
            {
                var count = peer.Receive(buffer);
                received += count;
                lines += buffer.AsSpan(0, count).Count((byte)'\n');
                isWhole = buffer[count - 1] == '\n';
            }

            connection.Abort();
            return lines + (isWhole ? 0 : 1);
        });
        Assert.That(live.Do(() => (calls.Count(static call => call.Error is not null), pipeline.Counts.InFlight)), Is.EqualTo((begun, 0)));
    }

    [Test]
    public void A_call_that_waits_allocates_little()
    {
        using var live = new Live();
        var service = live.Starts(new TcpService(0, connection => connection.UntilEol()));
        var connection = live.Await(Tcp.Connect("127.0.0.1", service.Port, hub: live.Hub));
        using var pipeline = new Pipeline<Short>(connection, Short.Framing, Correlation.InOrder<Short>());
        async Task<long> Measures(int count)
        {
            var before = GC.GetAllocatedBytesForCurrentThread();
            for (var n = 0; n < count; n++)
            {
                await pipeline.Ask(new Ping());
            }

            return GC.GetAllocatedBytesForCurrentThread() - before;
        }

        live.Run(() => Measures(20_000));
        var perCall = live.Run(() => Measures(20_000)) / 20_000.0;
        TestContext.Out.WriteLine($"{perCall} bytes per call, the service's included");
        Assert.That(perCall, Is.LessThan(400));
    }

    private readonly record struct Short(int Length)
    {
        public static readonly Framing<Short> Framing = Diesel.Reactive.Framing.UntilEol().Select(static line => new Short(line.Length));
    }

    private sealed class Ping : Call<Short, int>
    {
        protected internal override void Write(System.Buffers.IBufferWriter<byte> output)
        {
            "ping\r\n"u8.CopyTo(output.GetSpan(6));
            output.Advance(6);
        }

        protected override int Read(Short reply) => reply.Length;
    }
}
