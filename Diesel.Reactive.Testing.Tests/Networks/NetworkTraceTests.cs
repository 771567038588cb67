using System.Net;
using Diesel.Reactive.Testing;

namespace Diesel.Reactive.Tests;

/// <summary>What crossed is written down, and the same for the same seed.</summary>
public class NetworkTraceTests
{
    [Test]
    public void A_conversation_is_told_line_by_line()
    {
        using var hosts = new TwoHosts();
        var (client, server) = hosts.Wire();
        hosts.Link = TwoHosts.Slow(5);
        client.Sends("A\r\n");
        hosts.Passes(10);
        server.Transport.Send([0, 255]);
        server.Ends();
        hosts.Passes(10);
        Assert.That(hosts.Network.Trace.ToString().Split('\n'), Is.EqualTo(new[]
        {
            "00:00:00 client→server #1 Dialled '10.0.0.3:100'",
            "00:00:00 client→server #1 Connected '10.0.0.2:40000'",
            "00:00:00.0010000 client→server #1 Sent 'A\\r\\n'",
            "00:00:00.0060000 client→server #1 Received 'A\\r\\n'",
            "00:00:00.0110000 server→client #1 Sent <00ff>",
            "00:00:00.0110000 server→client #1 FinSent",
            "00:00:00.0160000 server→client #1 Received <00ff>",
            "00:00:00.0160000 server→client #1 FinReceived",
        }));
    }

    [Test]
    public void Rows_show_each_direction_and_what_got_lost()
    {
        using var hosts = new TwoHosts();
        Send(hosts, "A");
        hosts.Link = new() { Loss = 1 };
        Send(hosts, "B");
        hosts.Network.Partition("client", "server");
        Assert.That(hosts.Network.Trace.Rows().Select(Text), Is.EqualTo(new[]
        {
            "client→server datagrams: 0 A 1 B", "client→server datagrams received: 0 A", "client→server lost: 1 B", "client↔server faults: 2 'Partition'",
        }));
    }

    [Test]
    public void Rows_of_connections_end_with_the_fin_or_the_reset()
    {
        using var hosts = new TwoHosts();
        var (client, server) = hosts.Wire();
        client.Sends("A");
        client.Ends();
        hosts.Passes();
        server.Aborts();
        hosts.Passes();
        Assert.That(hosts.Network.Trace.Rows().Skip(2).Select(Text), Is.EqualTo(new[]
        {
            "client→server #1: 1 A 1 |", "client→server #1 received: 1 A 1 |", "server→client #1: 2 #", "server→client #1 received: 2 #",
        }));
    }

    [Test]
    public void The_oldest_entries_are_dropped_and_counted()
    {
        using var hosts = new TwoHosts(network: new VirtualNetwork(traceLimit: 2));
        Send(hosts, "A");
        Send(hosts, "B");
        Assert.That(hosts.Network.Trace.Entries.Select(static e => e.Bytes.ToText()), Is.EqualTo(new[] { "B", "B" }));
        Assert.That(hosts.Network.Trace.Dropped, Is.EqualTo(2));
    }

    [Test]
    public void A_trace_of_large_chunks_is_bounded_as_well()
    {
        using var hosts = new TwoHosts();
        var (client, _) = hosts.Wire();
        for (var n = 0; n < 600; n++)
        {
            client.Sends(new string('A', 60_000));
            hosts.Passes();
        }

        Assert.That(hosts.Network.Trace.Entries.Sum(static e => (long)e.Bytes.Length), Is.InRange(15 << 20, 16 << 20));
    }

    [Test]
    public void It_can_be_turned_off()
    {
        using var hosts = new TwoHosts(network: new VirtualNetwork(traceLimit: 0));
        Send(hosts, "A");
        Assert.That((hosts.Network.Trace.Entries.Count, hosts.Network.Trace.Dropped), Is.EqualTo((0, 0)));
    }

    [TestCase(1)]
    [TestCase(2)]
    public void Two_runs_with_one_seed_are_the_same_to_the_byte(int seed)
    {
        var (one, other) = (Storm(seed), Storm(seed));
        Assert.That((one.Trace.ToString(), one.Faults), Is.EqualTo((other.Trace.ToString(), other.Faults)));
        Assert.That(one.Trace.ToString(), Has.Length.GreaterThan(10_000));
    }

    [Test]
    public void Another_seed_is_another_run() => Assert.That(Storm(1).Trace.ToString(), Is.Not.EqualTo(Storm(2).Trace.ToString()));

    [Test]
    public void With_only_the_faults_that_struck_a_run_is_the_same() =>
        Assert.That(Storm(1, Storm(1).Faults).Trace.ToString(), Is.EqualTo(Storm(1).Trace.ToString()));

    [Test]
    public void Without_any_fault_all_arrives_whole_and_at_once()
    {
        var calm = Storm(1, []);
        Assert.That(calm.Faults, Is.Empty);
        Assert.That(calm.Trace.Entries.Where(static e => e.Kind == TraceKind.DatagramLost), Is.Empty);
    }

    [Test]
    public void Taking_one_fault_away_leaves_the_others()
    {
        var all = Storm(1).Faults;
        var loss = all.First(static f => f.Kind == FaultKind.Loss);
        var fewer = Storm(1, [.. all.Where(f => f != loss)]).Faults;
        Assert.That(fewer.Select(Name).Where(static n => n.StartsWith("Loss", StringComparison.Ordinal)),
            Is.EqualTo(all.Where(f => f != loss).Select(Name).Where(static n => n.StartsWith("Loss", StringComparison.Ordinal))));
    }

    // An echo of lines and one of datagrams, under every fault that is drawn.
    private static VirtualNetwork Storm(int seed, IReadOnlyCollection<Fault>? only = null)
    {
        var network = new VirtualNetwork(seed)
        {
            OnlyFaults = only,
            Conditions = new()
            {
                Latency = Latency.Between(TimeSpan.FromMilliseconds(1), TimeSpan.FromMilliseconds(9)),
                Bandwidth = 100_000,
                Window = 50,
                Cut = Cut.Random(7),
                Loss = 0.2,
                Duplication = 0.2,
                Reordering = 0.2,
            },
        };
        using var hosts = new TwoHosts(network: network);
        var lines = hosts.Starts(new TcpService(1, static c => c.UntilEol()));
        hosts.Starts(new UdpService(2, static s => s.Select(static d => d.Reply(d.Payload))));
        hosts.Runs(async () =>
        {
            using var connection = await Tcp.Connect("server", lines.Port);
            using var socket = await Udp.Connect("server", 2);
            for (var n = 0; n < 50; n++)
            {
                socket.Send($"{n}".ToBytes());
                connection.OnNext($"line {n}\r\n".ToBytes());
                await connection.Read(Framing.UntilEol());
            }

            return 0;
        });
        hosts.Passes(10_000);
        return network;
    }

    private static string Name(Fault fault) => $"{fault.Kind} {fault.Link} {fault.Ordinal}";

    private static void Send(TwoHosts hosts, string payload)
    {
        var sender = hosts.Client.Network.Bind(new IPEndPoint(IPAddress.Any, 0), null, new());
        using (hosts.Watch(Udp.Bind(new IPEndPoint(IPAddress.Any, 9), hub: hosts.Server), 0).Values.SingleOrDefault())
        {
            sender.Send(new Datagram(payload.ToBytes(), IPEndPoint.Parse("10.0.0.3:9")));
            hosts.Passes();
        }
    }

    private static string Text(MarbleRow row) => $"{row.Label}: " + string.Join(' ', row.Diagram.Events.Select(static e =>
        $"{e.Time.TotalMilliseconds:0} " + e.Kind switch { MarbleKind.Completed => "|", MarbleKind.Failed => "#", _ => $"{e.Spelling}" }));
}
