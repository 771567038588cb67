using Diesel.Reactive.Benchmarks.Harness;

namespace Diesel.Reactive.Benchmarks.Echo;

/// <summary>
/// Closed-loop load: every connection keeps the same number of lines in flight and sends the next ones when some come back.
/// Those that flood keep as many in flight as fit, and are not counted.
/// </summary>
internal sealed class LoadGenerator : Generator
{
    public const string Usage =
        "load --port P --connections N --depth D --seconds S [--flooding 0] [--warmup 4] [--server PID]";

    readonly LineTape _tape = new();
    readonly LatencyHistogram _ofTheFlood = new();
    readonly List<LoadConnection> _connections = [];

    LoadGenerator(CommandLine options)
    {
        var (port, count, depth) = (options.Int("--port"), options.Int("--connections"), options.Int("--depth"));
        if (depth > LoadConnection.MaxDepth)
        {
            throw new UsageException($"--depth is at most {LoadConnection.MaxDepth}");
        }

        var flooding = options.Int("--flooding", 0, least: 0);
        for (var key = 0; key < count + flooding; key++)
        {
            _connections.Add(key < count
                ? new LoadConnection(port, key, depth, _tape, Epoll, Latencies)
                : new LoadConnection(port, key, LoadConnection.MaxDepth, _tape, Epoll, _ofTheFlood));
        }
    }

    protected override long Done => Latencies.Total;

    protected override bool Polls => _connections.Count == 1;

    public static int Run(string[] arguments) =>
        Run(arguments, ["--connections", "--depth", "--flooding"], options => new LoadGenerator(options));

    public override void Dispose()
    {
        _connections.ForEach(connection => connection.Dispose());
        _tape.Dispose();
        base.Dispose();
    }

    protected override void Start() => _connections.ForEach(connection => connection.Start());

    protected override void Continue(int key) => _connections[key].Continue();
}
