using System.Net;

namespace Diesel.Reactive.Tests;

/// <summary>The instruments of the library, as OpenTelemetry's SDK reads them.</summary>
[NonParallelizable]
public class MeterTests
{
    private const string Direction = "network.io.direction";

    private static readonly string[] All =
    [
        "diesel.connect.duration s Histogram",
        "diesel.connection.active {connection} LongSumNonMonotonic",
        "diesel.connection.opened {connection} LongSum",
        "diesel.handshake.active {handshake} LongSumNonMonotonic",
        "diesel.handshake.duration s Histogram",
        "diesel.hub.errors {error} LongSum",
        "diesel.hub.lag s DoubleGauge",
        "diesel.hub.loops {loop} LongSumNonMonotonic",
        "diesel.hub.queued {item} LongSumNonMonotonic",
        "diesel.hub.timers {timer} LongSumNonMonotonic",
        "diesel.hub.turn.longest s DoubleGauge",
        "diesel.hub.turns {turn} LongSum",
        "diesel.network.io By LongSum",
        "diesel.pipeline.abandoned {call} LongSumNonMonotonic",
        "diesel.pipeline.count {pipeline} LongSumNonMonotonic",
        "diesel.pipeline.in_flight {call} LongSumNonMonotonic",
        "diesel.pipeline.queued {call} LongSumNonMonotonic",
        "diesel.pool.closed {item} LongSum",
        "diesel.pool.count {item} LongSumNonMonotonic",
        "diesel.pool.created {item} LongSum",
        "diesel.pool.failed {item} LongSum",
        "diesel.pool.max {item} LongSumNonMonotonic",
        "diesel.pool.pending_requests {request} LongSumNonMonotonic",
        "diesel.pool.timeouts {timeout} LongSum",
        "diesel.service.connections {connection} LongSumNonMonotonic",
        "diesel.service.pending By LongSumNonMonotonic",
        "diesel.service.rejected {connection} LongSum",
    ];

    [Test]
    public void Every_instrument_has_its_name_and_unit_and_there_is_no_other()
    {
        using var telemetry = new Telemetry();
        using var live = new Live();
        var pool = Everything(live);
        Assert.That(telemetry.Instruments, Is.EquivalentTo(All));

        // One that nobody has is collected, and no longer observed.
        GC.KeepAlive(pool);
    }

    [Test]
    public void Each_is_told_of_in_the_docs()
    {
        var docs = File.ReadAllText(Repository.PathOf("docs/seeing.md"));
        var rows = docs.Split('\n').Where(static line => line.StartsWith("| `diesel.", StringComparison.Ordinal)).ToArray();
        Assert.That(All.Select(static one => one.Split(' ')[..2]).Where(one => !Array.Exists(rows, row => Names(row).Contains(one[0]) && Cells(row, 3).Contains(one[1]))), Is.Empty);

        // `diesel.pool.max`, `.pending_requests`: the second has the room of the first.
        static string[] Names(string row)
        {
            var names = Cells(row, 1);
            var room = names[0][..names[0].LastIndexOf('.')];
            return [.. names.Select(name => name.StartsWith('.') ? $"{room}{name}" : name)];
        }

        static string[] Cells(string row, int column) => [.. row.Split('|')[column].Split(',').Select(static name => name.Trim(' ', '`'))];
    }

    [Test]
    public void Connections_and_their_bytes_are_counted()
    {
        using var telemetry = new Telemetry();
        using var world = new World();
        var wire = world.Wire();
        wire.Peer.Sends("12345\r\n");
        world.Watch(wire.Connection.UntilEol());
        world.Do(() => wire.Connection.OnNext("abc".ToBytes()));
        Assert.That(
            (telemetry.Value("diesel.connection.active", world.Hub), telemetry.Value("diesel.connection.opened", world.Hub),
                telemetry.Value("diesel.network.io", world.Hub, (Direction, "receive")), telemetry.Value("diesel.network.io", world.Hub, (Direction, "transmit"))),
            Is.EqualTo((1d, 1d, 7d, 3d)));
        world.Do(wire.Connection.Abort);
        Assert.That((telemetry.Value("diesel.connection.active", world.Hub), telemetry.Value("diesel.connection.opened", world.Hub)), Is.EqualTo((0d, 1d)));
    }

    [Test]
    public void Whom_a_service_has_rejected_is_told_with_the_reason()
    {
        using var telemetry = new Telemetry();
        using var world = new World();
        var service = world.Starts(new TcpService(4321, static connection => connection, new() { MaxConnectionsPerAddress = 1, IdleTimeout = TimeSpan.FromSeconds(1) }));
        world.Dials(service);
        world.Dials(service);
        world.Passes(3);
        double? Rejected(string why) => telemetry.Value("diesel.service.rejected", world.Hub, ("error.type", why), ("server.port", 4321));
        Assert.That((Rejected("max_connections_per_address"), Rejected("idle_timeout"), Rejected("frame_timeout")), Is.EqualTo((1d, 1d, 0d)));
    }

    [Test]
    public void Handshakes_are_counted_while_they_last_and_timed()
    {
        using var telemetry = new Telemetry();
        using var world = new World();
        var layer = new OpeningLayer();
        Layered(world, layer);
        var during = telemetry.Value("diesel.handshake.active", world.Hub);
        world.Do(layer.Open);
        Assert.That(
            (during, telemetry.Value("diesel.handshake.active", world.Hub), telemetry.Value("diesel.handshake.duration", world.Hub)),
            Is.EqualTo((1d, 0d, 1d)));
    }

    [Test]
    public void A_handshake_that_fails_has_an_error_type()
    {
        using var telemetry = new Telemetry();
        using var world = new World();
        var layer = new OpeningLayer();
        Layered(world, layer);
        world.Do(() => layer.Fail(new ProtocolException("no")));
        Assert.That(telemetry.Value("diesel.handshake.duration", world.Hub, ("error.type", "Diesel.Reactive.ProtocolException")), Is.EqualTo(1));
    }

    [Test]
    public void Pools_are_told_apart_by_name_and_gone_when_they_are_drained()
    {
        using var telemetry = new Telemetry();
        using var world = new World();
        var pool = new Pool<int>(Observable.Return(1), static _ => { }, new() { Name = "numbers", Max = 2 }, world.Hub);
        world.Watch(pool.Borrow());
        var lease = world.Watch(pool.Borrow()).Last;
        world.Watch(pool.Borrow());
        world.Do(lease.Dispose);
        double? Of(string instrument, params (string Key, object Value)[] tags) => telemetry.Value(instrument, world.Hub, [("diesel.pool.name", "numbers"), .. tags]);
        Assert.That(
            (Of("diesel.pool.count", ("diesel.pool.state", "used")), Of("diesel.pool.count", ("diesel.pool.state", "idle")), Of("diesel.pool.max"), Of("diesel.pool.pending_requests")),
            Is.EqualTo((2d, 0d, 2d, 0d)));
    }

    [Test]
    public void A_hub_that_is_held_up_lags()
    {
        using var telemetry = new Telemetry();
        using var live = new Live();
        using var held = new ManualResetEventSlim();
        live.Hub.Post(_ => SpinWait.SpinUntil(() => held.IsSet, Live.Patience));
        telemetry.Value("diesel.hub.lag", live.Hub);
        Assert.That(() => telemetry.Value("diesel.hub.lag", live.Hub), Is.GreaterThan(0.02).After((int)Live.Patience.TotalMilliseconds, 10));
        Assert.That(telemetry.Value("diesel.hub.turn.longest", live.Hub), Is.GreaterThan(0.02));
        held.Set();
        live.Do(static () => { });
    }

    [Test]
    public void Errors_are_counted_by_whose_doing_they_are()
    {
        using var telemetry = new Telemetry();
        using var world = new World();
        world.Hub.Report(new ProtocolException("a"), "x");
        world.Hub.Report(new InvalidOperationException("b"), "y");
        double? Of(string kind) => telemetry.Value("diesel.hub.errors", world.Hub, ("diesel.error.kind", kind));
        Assert.That((Of("peer"), Of("code"), Of("slow_turn"), Of("network")), Is.EqualTo((1d, 1d, 0d, 0d)));
    }

    [Test]
    public void Hubs_of_one_name_are_told_apart()
    {
        using var one = new Hub(new HubOptions { Name = "same" });
        using var other = new Hub(new HubOptions { Name = "same" });
        other.Dispose();
        using var third = new Hub(new HubOptions { Name = "same" });
        Assert.That((one.Sight.Name, other.Sight.Name, third.Sight.Name), Is.EqualTo(("same", "same #2", "same #3")));
    }

    [Test]
    public void A_message_costs_the_same_whether_anybody_listens_or_not()
    {
        static long Measure()
        {
            using var world = new World();
            var wire = world.Wire();
            world.Watch(wire.Connection.UntilEol().Do(wire.Connection.OnNext));
            void Echo(int lines)
            {
                for (var i = 0; i < lines; i++)
                {
                    wire.Peer.Sends("line\r\n");
                    world.Passes(0.001);
                }
            }

            Echo(300);
            var before = GC.GetAllocatedBytesForCurrentThread();
            Echo(1000);
            return (GC.GetAllocatedBytesForCurrentThread() - before) / 1000;
        }

        // The least of several: code that the runtime compiles anew meanwhile may allocate less.
        static long Least() => Enumerable.Range(0, 5).Min(static _ => Measure());

        var alone = Least();
        using var telemetry = new Telemetry();
        Assert.That(Least(), Is.EqualTo(alone).Within(2));
    }

    [Test]
    public void Without_a_listener_no_instrument_is_enabled_and_no_span_is_made()
    {
        using var world = new World();
        world.Listens(80);
        world.Watch(Tcp.Connect(new IPEndPoint(World.Here, 80), hub: world.Hub));
        Assert.That((ConnectionMeter.Handshakes.Enabled, ConnectionMeter.Dials.Enabled, HubMeter.Source.HasListeners(), world.Hub.Sight.Log.IsObserved), Is.EqualTo((false, false, false, false)));
    }

    private static void Layered(World world, OpeningLayer layer)
    {
        world.Listens(80);
        world.Watch(Tcp.Connect(new IPEndPoint(World.Here, 80), new() { Layer = (transport, _) => layer.Over(transport) }, world.Hub));
    }

    // One of each kind that has instruments.
    private static Pool<Pipeline<string>> Everything(Live live)
    {
        var service = live.Starts(new TcpService(new IPEndPoint(IPAddress.Loopback, 0), static connection => connection.UntilEol()));
        var connection = live.Await(Tcp.Connect(service.EndPoint, new TcpConnectOptions { Layer = static (transport, _) => new OpeningLayer { IsOpen = true }.Over(transport) }, live.Hub));
        var pipeline = new Pipeline<string>(connection, Framing.Lines(), Correlation.InOrder<string>());
        var pool = new Pool<Pipeline<string>>(Observable.Return(pipeline), hub: live.Hub);
        live.Await(pool.Borrow());
        return pool;
    }
}
