using System.Reactive.Concurrency;
using Diesel.Reactive.Testing;

namespace Diesel.Reactive.Tests;

/// <summary>One seed: a rude server, a client that reconnects, and callers of all kinds. What a law forbids fails the simulation.</summary>
internal sealed class LawRun
{
    public const int Port = 7;

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private readonly SendsPerTurn _sends = new();
    private readonly bool _isWide;
    private int _sent;
    private bool _isDone;

    public LawRun(Simulation sim, Tongue tongue, Abandoned policy)
    {
        (Sim, Tongue) = (sim, tongue);

        // Some of its observers throw, and its server's loops lose their connections.
        sim.IgnoreHubErrors = true;
        Options = new()
        {
            Abandoned = policy,
            MaxInFlight = sim.Random.Next(1, 9),
            MaxQueuedCalls = sim.Random.Next(2, 20),
            ReplyTimeout = TimeSpan.FromMilliseconds(600),
            DrainTimeout = TimeSpan.FromMilliseconds(200),
            MaxDrainedBytes = 200,
            CloseTimeout = TimeSpan.FromSeconds(1),
        };
        Queue = new CallQueue<Said>(Options, sim.HubOn("client"));
        _isWide = sim.Random.Next(2) == 0;
        sim.Network.Conditions = new LinkConditions
        {
            Latency = Latency.Between(TimeSpan.Zero, TimeSpan.FromMilliseconds(sim.Random.Next(1, 30))),
            Cut = Cut.Random(20),
            Window = _isWide ? 64 * 1024 : sim.Random.Next(50, 5000),
        };
    }

    public Simulation Sim { get; }

    public Tongue Tongue { get; }

    public PipelineOptions Options { get; }

    public CallQueue<Said> Queue { get; }

    public Pipeline<Said>? Pipeline { get; private set; }

    public Connection? Connection { get; private set; }

    public List<LawCaller> Callers { get; } = [];

    public int Connections { get; private set; }

    public int NextNumber => _sent++;

    private Hub Hub => Queue.Hub;

    public void Play()
    {
        Faults();
        var server = new LawServer(this);
        server.Begin();
        Hub.Fork(Connects);
        for (var n = Sim.Random.Next(5, 60); n > 0; n--)
        {
            Hub.Schedule(TimeSpan.FromMilliseconds(Sim.Random.Next(0, 4000)), Calls);
        }

        Hub.SchedulePeriodic(0, TimeSpan.FromMilliseconds(10), Look);
        Hub.Schedule(Patience, Tell);
        Sim.Pass(TimeSpan.FromSeconds(4));
        Sim.Until(() => Callers.TrueForAll(static caller => caller.IsOver), Patience, "everybody was told");
        _isDone = true;
        Hub.Schedule(() =>
        {
            Queue.Dispose();
            Pipeline?.Dispose();
        });
        Sim.Pass(TimeSpan.FromSeconds(5));
        Callers.ForEach(caller => caller.Check(server.Seen(caller.Text)));
        Sim.Check(!_isWide || _sends.Further == 0, "law 7: one write per turn, or two where it has much to say");
        Sim.Check(Pipeline is null || Pipeline.Counts.InFlight == 0, "law 12: nothing is in flight behind the end");
        foreach (var error in Sim.Errors)
        {
            Sim.Check(error.Exception is FormatException or IOException or ObjectDisposedException, $"law 8: nothing else is reported: {error}");
        }
    }

    /// <summary>One more caller, of some kind.</summary>
    public void Calls()
    {
        if (Callers.Count < 100 && !_isDone)
        {
            var caller = new LawCaller(this, Callers.Count);
            Callers.Add(caller);
            caller.Begin();
        }
    }

    // Sooner than it is only said that not everybody was told.
    private void Tell() => Sim.Check(
        Callers.TrueForAll(static caller => caller.IsOver),
        $"everybody was told: {string.Join(", ", Callers.Where(static caller => !caller.IsOver))} waits; {Queue.Count} queued, {Pipeline?.Counts}, {Connections} connections");

    private void Faults()
    {
        Sim.Inject(FaultKind.Reset, "client", "server", within: TimeSpan.FromSeconds(4));
        Sim.Inject(FaultKind.Stall, "client", "server", within: TimeSpan.FromSeconds(4), upTo: TimeSpan.FromSeconds(1));
        Sim.Inject(FaultKind.Partition, "client", "server", within: TimeSpan.FromSeconds(4), upTo: TimeSpan.FromSeconds(1));
    }

    private async Task Connects()
    {
        while (!_isDone)
        {
            try
            {
                Connection = await Tcp.Connect("server", Port, new() { Layer = _sends.Over, ConnectTimeout = TimeSpan.FromSeconds(1) }, Hub);
                Connections++;
                Pipeline = new Pipeline<Said>(Connection, Tongue.Framing, Tongue.Correlation, Options, Queue);
                Pipeline.Unasked.Subscribe(push => Sim.Check(push.IsPush, "law 1: a push is a push"));
                await Pipeline.Ended;
            }
            catch (Exception error) when (error is IOException or ProtocolException or TimeoutException)
            {
                await Hub.Sleep(TimeSpan.FromMilliseconds(20));
            }
        }
    }

    private int Look(int looks)
    {
        if (Pipeline is { } pipeline)
        {
            var counts = pipeline.Counts;
            Sim.Check(counts.InFlight <= Options.MaxInFlight, $"law 5: in flight: {counts}");
            Sim.Check(counts.Queued <= Options.MaxQueuedCalls + Options.MaxInFlight, $"law 5: queued: {counts}");
            Sim.Check(counts.Abandoned <= 2 * Options.MaxInFlight + 1, $"law 2: abandoned: {counts}");
        }

        return looks + 1;
    }
}
