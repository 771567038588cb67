#:project ../Diesel.Reactive

// bluelet's crawler: the same requests made in four ways, timed against a local server that takes 100 ms for each.
using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Reactive.Linq;
using Diesel.Reactive;

if (args is ["fetch", var childsPort, var childsPath])
{
    try
    {
        Fetch(int.Parse(childsPort, CultureInfo.InvariantCulture), childsPath);
    }
    catch (SocketException)
    {
        // The crawl was stopped, and its server with it.
        Environment.ExitCode = 1;
    }

    return;
}

var server = new TcpService(new IPEndPoint(IPAddress.Loopback, 0), SlowPage);
var paths = Enumerable.Range(1, 10).Select(number => $"/page/{number}").ToList();
var app = new Application();
app.Add(server);
app.Add(Crawl);
app.Run();

async Task Crawl()
{
    var hub = Hub.Default;
    try
    {
        await Time("sequential", hub.Run(() => paths.ForEach(path => Fetch(server.Port, path))));
        await Time("threading", hub.Run(() => InThreads(server.Port)));
        await Time("multiprocessing", hub.Run(() => InProcesses(server.Port)));
        await Time("hub", paths.Select(path => FetchOnHub(server.Port, path)).Merge().Count());
    }
    catch (Exception error) when (error is SocketException or IOException or AggregateException)
    {
        // The crawl was stopped, and its server with it: the requests under way are refused or reset.
    }

    Application.Quickstop();
}

static async Task Time<T>(string name, IObservable<T> crawl)
{
    var watch = Stopwatch.StartNew();
    await crawl;
    Console.WriteLine($"{name}: {watch.Elapsed.TotalSeconds:0.00} seconds");
}

void InThreads(int port)
{
    var threads = paths.ConvertAll(path => Task.Factory.StartNew(
        () => Fetch(port, path), CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default));
    Task.WaitAll(threads);
}

void InProcesses(int port)
{
    var program = Environment.GetCommandLineArgs()[0];
    var processes = paths.ConvertAll(path => Process.Start("dotnet", [program, "fetch", $"{port}", path]));
    processes.ForEach(process => process.WaitForExit());
}

static void Fetch(int port, string path)
{
    using var client = new TcpClient("127.0.0.1", port);
    client.GetStream().Write(Request(path).Span);
    client.GetStream().CopyTo(Stream.Null);
}

static IObservable<int> FetchOnHub(int port, string path) =>
    from connection in Tcp.Connect("127.0.0.1", port)
    from length in Observable.Using(() => connection, _ =>
    {
        connection.OnNext(Request(path));
        return connection.Sum(chunk => chunk.Length);
    })
    select length;

static ReadOnlyMemory<byte> Request(string path) => $"GET {path} HTTP/1.0\r\n\r\n".ToBytes();

static async Task SlowPage(Connection connection)
{
    var request = await connection.Read(Framing.Until("\r\n\r\n"));
    await Hub.Default.Sleep(TimeSpan.FromSeconds(0.1));
    await connection.Send($"HTTP/1.0 200 OK\r\n\r\nYou asked: {request.ToText()}".ToBytes());
}
