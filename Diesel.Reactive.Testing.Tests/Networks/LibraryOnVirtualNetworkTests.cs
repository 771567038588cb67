using System.Reactive.Concurrency;
using Diesel.Reactive.Testing;

namespace Diesel.Reactive.Tests;

/// <summary>Services, clients, pools and timeouts run on the virtual network as they are.</summary>
[TestFixtureSource(typeof(VirtualClock), nameof(VirtualClock.Names))]
[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
public sealed class LibraryOnVirtualNetworkTests(string clock) : IDisposable
{
    private readonly TwoHosts _hosts = new(VirtualClock.Named(clock), new VirtualNetwork(seed: 3));

    public void Dispose() => _hosts.Dispose();

    [Test]
    public void A_TcpService_answers_a_connection()
    {
        Shouting();
        Assert.That(Ask("hello").Result, Is.EqualTo("HELLO"));
        Assert.That(_hosts.Errors, Is.Empty);
    }

    [Test]
    public void Every_cut_and_window_gives_the_same_frames([Values("Whole", "Bytewise", "Random", "Of")] string cut, [Values(1, 7, 65536)] int window)
    {
        Shouting();
        var background = window / 3;
        _hosts.Link = new() { Cut = Named(cut), Window = window, SentInBackground = background, Latency = TimeSpan.FromMilliseconds(1) };
        var asked = _hosts.Runs(async () =>
        {
            using var connection = await Tcp.Connect("server", 1);
            connection.OnNext(string.Concat(Enumerable.Range(0, 20).Select(static n => $"line {n}\r\n")).ToBytes());
            connection.OnCompleted();
            return await connection.UntilEol().Select(static line => line.TrimEol().ToText()).ToList();
        });
        _hosts.Passes(5000);
        Assert.That(asked.Result, Is.EqualTo(Enumerable.Range(0, 20).Select(static n => $"LINE {n}")));
    }

    [Test]
    public void Much_goes_both_ways_unharmed()
    {
        _hosts.Starts(new TcpService(1, static c => c));
        _hosts.Link = new() { Cut = Cut.Random(30_000), Bandwidth = 50_000_000, Latency = TimeSpan.FromMilliseconds(2) };
        var bytes = new byte[5_000_000];
        new Random(1).NextBytes(bytes);
        var echo = _hosts.Runs(async () =>
        {
            using var connection = await Tcp.Connect("server", 1);
            connection.OnNext(bytes);
            return await connection.Read(Framing.Bytes(bytes.Length));
        });
        _hosts.Passes(60_000);
        Assert.That(echo.Result.Span.SequenceEqual(bytes), Is.True);
    }

    [Test]
    public void A_UdpService_answers()
    {
        _hosts.Starts(new UdpService(2, static s => s.Select(static d => d.Reply(d.Payload.ToUpper()))));
        var answer = _hosts.Runs(async () =>
        {
            using var socket = await Udp.Connect("server", 2);
            socket.Send("hello".ToBytes());
            return (await socket.Receive()).Payload.ToText();
        });
        Assert.That(answer.Result, Is.EqualTo("HELLO"));
    }

    [Test]
    public void A_client_connects_again_after_a_reset()
    {
        Shouting();
        using var client = new Shouter(_hosts.Client);
        var first = _hosts.Watch(client.Shout("a"));
        _hosts.Network.Reset("client", "server");
        _hosts.Passes();
        var second = _hosts.Watch(client.Shout("b"));
        Assert.That($"{first} {second}", Is.EqualTo("A | B |"));
        Assert.That(_hosts.Network.Trace.Entries.Count(static e => e.Kind == TraceKind.Connected), Is.EqualTo(2));
    }

    [Test]
    public void A_client_whose_server_crashed_fails_once_and_connects_to_the_next_one()
    {
        Shouting();
        using var client = new Shouter(_hosts.Client);
        _hosts.Watch(client.Shout("a"));
        _hosts.Network.Crash("server");
        using var restarted = _hosts.NewHub("server");
        new TcpService(1, Upper).Start(restarted);
        var (second, third) = (_hosts.Watch(client.Shout("b")), _hosts.Watch(client.Shout("c")));
        Assert.That($"{second} {third}", Is.EqualTo("#ConnectionException C |"));
    }

    [Test]
    public void A_datagram_client_tries_again_under_loss()
    {
        _hosts.Starts(new UdpService(2, static s => s.Select(static d => d.Reply(d.Payload.ToUpper()))));
        _hosts.Link = new() { Loss = 0.5, Latency = TimeSpan.FromMilliseconds(20) };
        using var client = new Asker(_hosts.Client);
        var answers = Enumerable.Range(0, 20).Select(n => _hosts.Watch(client.Ask($"q{n}"), 3000)).ToList();
        Assert.That(answers.Select(static a => $"{a}"), Is.EqualTo(Enumerable.Range(0, 20).Select(static n => $"Q{n} |")));
        Assert.That(client.Attempts, Is.GreaterThan(30));
    }

    [Test]
    public void First_times_out_at_its_instant_when_the_answer_is_late()
    {
        Shouting();
        _hosts.Link = TwoHosts.Slow(30);
        var raced = _hosts.Runs(async () =>
        {
            using var connection = await Tcp.Connect("server", 1);
            var started = _hosts.Client.Now;
            connection.OnNext("hello\r\n".ToBytes());
            var first = await First.Of(connection.Read(Framing.UntilEol()), _hosts.Client.Sleep(TimeSpan.FromMilliseconds(50)));
            var waited = (int)(_hosts.Client.Now - started).TotalMilliseconds;
            var line = (await connection.Read(Framing.UntilEol())).TrimEol().ToText();
            return (first.Match(static _ => "line", static _ => "late"), waited, line, (int)(_hosts.Client.Now - started).TotalMilliseconds);
        });
        _hosts.Passes(200);
        Assert.That(raced.Result, Is.EqualTo(("late", 50, "HELLO", 60)));
    }

    [Test]
    public void A_connect_timeout_strikes_in_a_partition()
    {
        Shouting();
        _hosts.Network.Partition("client", "server");
        var dial = _hosts.Watch(Tcp.Connect("server", 1, hub: _hosts.Client), 14_990);
        Assert.That(dial.ToString(), Is.Empty);
        _hosts.Passes(20);
        Assert.That(dial.Error, Is.InstanceOf<TimeoutException>());
        _hosts.Network.Heal("client", "server");
        Assert.That(Ask("late").Result, Is.EqualTo("LATE"));
    }

    [Test]
    public void A_pool_lends_connections_and_makes_new_ones_for_those_that_broke()
    {
        Shouting();
        using var pool = ConnectionPool.Of("server", 1, hub: _hosts.Client);
        var first = _hosts.Watch(pool.Use(Shout));
        _hosts.Network.Reset("client", "server");
        _hosts.Passes();
        var second = _hosts.Watch(pool.Use(Shout));
        Assert.That(($"{first} {second}", pool.Counts.Idle), Is.EqualTo(("A | A |", 1)));
    }

    [Test]
    public void An_idle_timeout_strikes_on_a_stalled_link()
    {
        var service = _hosts.Starts(new TcpService(1, Upper, new() { IdleTimeout = TimeSpan.FromSeconds(5), CloseTimeout = TimeSpan.FromSeconds(1) }));
        _hosts.Watch(Tcp.Connect("server", 1, hub: _hosts.Client));
        _hosts.Network.Stall("client", "server");
        _hosts.Passes(6010);
        Assert.That(service.ConnectionCount, Is.Zero);
    }

    [Test]
    public void Disposing_a_hub_closes_its_listeners_and_sockets_and_resets_its_connections()
    {
        Shouting();
        _hosts.Starts(new UdpService(2, static s => s));
        var lines = _hosts.Watch(Tcp.Connect("server", 1, hub: _hosts.Client).SelectMany(static c => c.UntilEol()));
        _hosts.Server.Dispose();
        _hosts.Passes();
        Assert.That(lines.ToString(), Is.EqualTo("#ConnectionException"));
        using var next = _hosts.NewHub("server");
        Assert.That(() => new TcpService(1, Upper).Start(next), Throws.Nothing);
        Assert.That(() => new UdpService(2, static s => s).Start(next), Throws.Nothing);
    }

    [Test]
    public void Who_waits_at_a_listener_whose_hub_ends_is_reset_and_not_served()
    {
        var served = 0;
        _hosts.Starts(new TcpService(1, c =>
        {
            served++;
            return c;
        }, new() { MaxConnections = 1 }));
        var (one, other) = (Lines(), Lines());
        _hosts.Server.Dispose();
        _hosts.Passes();
        Assert.That($"{one} {other} {served}", Is.EqualTo("#ConnectionException #ConnectionException 1"));
    }

    [Test]
    public void A_hub_that_ends_while_it_accepts_serves_nobody_else()
    {
        var served = 0;
        _hosts.Link = TwoHosts.Slow(10);
        _hosts.Starts(new TcpService(1, c =>
        {
            served++;
            _hosts.Server.Dispose();
            return c;
        }));
        var (one, other) = (Lines(0), Lines(0));
        _hosts.Passes(100);
        Assert.That($"{one} {other} {served}", Is.EqualTo("#ConnectionException #ConnectionException 1"));
    }

    [Test]
    public void A_service_that_stops_lets_its_handlers_end()
    {
        var service = Shouting();
        var lines = Lines();
        _hosts.Server.Schedule(() => service.Stop().Subscribe());
        _hosts.Passes();
        Assert.That(lines.ToString(), Is.EqualTo("|"));
        Assert.That(_hosts.Watch(Tcp.Connect("server", 1, hub: _hosts.Client)).Error, Is.InstanceOf<ConnectionException>());
    }

    [Test]
    public void A_thousand_connections_at_once_are_served()
    {
        Shouting();
        _hosts.Link = new() { Latency = TimeSpan.FromMilliseconds(10), Cut = Cut.Random(3) };
        var answers = Enumerable.Range(0, 1000).Select(n => Ask($"line {n}")).ToList();
        _hosts.Passes(2000);
        Assert.That(answers.Select(static a => a.Result), Is.EqualTo(Enumerable.Range(0, 1000).Select(static n => $"LINE {n}")));
    }

    private static IObservable<ReadOnlyMemory<byte>> Upper(Connection connection) => connection.UntilEol().Select(static line => line.ToUpper());

    private static IObservable<string> Shout(Connection connection)
    {
        connection.OnNext("a\r\n".ToBytes());
        return connection.Read(Framing.UntilEol()).Select(static line => line.TrimEol().ToText());
    }

    private static Cut Named(string cut) => cut switch
    {
        nameof(Cut.Bytewise) => Cut.Bytewise,
        nameof(Cut.Random) => Cut.Random(5),
        nameof(Cut.Of) => Cut.Of(static there => (there + 1) / 2),
        _ => Cut.Whole,
    };

    private TcpService Shouting() => _hosts.Starts(new TcpService(1, Upper));

    private Story<ReadOnlyMemory<byte>> Lines(double milliseconds = 1) =>
        _hosts.Watch(Tcp.Connect("server", 1, hub: _hosts.Client).SelectMany(static c => c.UntilEol()), milliseconds);

    private Task<string> Ask(string line) => _hosts.Runs(async () =>
    {
        using var connection = await Tcp.Connect("server", 1);
        connection.OnNext($"{line}\r\n".ToBytes());
        return (await connection.Read(Framing.UntilEol())).TrimEol().ToText();
    });

    private sealed class Shouter(Hub hub) : Client("server", 1, null, hub)
    {
        public Awaitable<string> Shout(string line) => Call(async connection =>
        {
            connection.OnNext($"{line}\r\n".ToBytes());
            return (await connection.Read(Framing.UntilEol())).TrimEol().ToText();
        });
    }

    private sealed class Asker(Hub hub) : DatagramClient("server", 2, hub: hub)
    {
        public int Attempts { get; private set; }

        public Awaitable<string> Ask(string question) => Call(async socket =>
        {
            while (true)
            {
                Attempts++;
                socket.Send(question.ToBytes());
                var first = await First.Of(socket.Receive(), Hub.Sleep(TimeSpan.FromMilliseconds(100)));
                if (first.Index == 0)
                {
                    return first.Match(static d => d.Payload.ToText(), static _ => "");
                }
            }
        });
    }
}
