using System.Net;

namespace Diesel.Reactive.Benchmarks.Echo.Peers;

/// <summary>The peers, and the command that runs one of them in a process of its own.</summary>
internal static class EchoServer
{
    public const string Usage = "serve PEER [--port 0]";

    /// <summary>Room for a thousand clients that connect at once; the same for every peer.</summary>
    public const int Backlog = 1024;

    /// <summary>
    /// Each peer starts listening on the loopback port (0: any), returns where, and echoes every line that
    /// ends in LF until the process ends. The order is the order of the tables.
    /// </summary>
    public static readonly IReadOnlyList<(string Name, Func<int, IPEndPoint> Start)> Peers =
    [
        ("diesel", DieselEcho.Start),
        ("kestrel", KestrelEcho.Start),
        ("kestrel-inline", KestrelEcho.StartInline),
        ("socket", SocketEcho.Start),
        ("epoll", EpollEcho.Start),
    ];

    public static string[] Names => [.. Peers.Select(peer => peer.Name)];

    public static int Run(string[] arguments)
    {
        var name = arguments.FirstOrDefault() ?? throw new UsageException(Usage);
        var start = Find(name).Start;
        var endpoint = start(new CommandLine(arguments.AsSpan(1), "--port").Int("--port", otherwise: 0, least: 0));
        Console.WriteLine($"listening on {endpoint}");

        // The main thread waits, not one of the pool: a pinned process has few of those to spare.
        while (Console.Read() >= 0)
        {
        }

        return 0;
    }

    public static (string Name, Func<int, IPEndPoint> Start) Find(string name) =>
        Names.Contains(name)
            ? Peers.First(peer => peer.Name == name)
            : throw new UsageException($"unknown peer '{name}'; known: {string.Join(", ", Names)}");
}
