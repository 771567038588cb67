using System.Collections.Concurrent;
using System.Net.Sockets;
using System.Net;
using System.Runtime.Versioning;
using System.Text;
using Diesel.Reactive.Protocols.Http;

namespace Diesel.Reactive.Tests;

/// <summary>No request gets through a proxy inside of another one, where the service or the codec is the proxy, the server, or both.</summary>
[Platform("Linux")]
[SupportedOSPlatform("linux")]
public class HttpSmugglingTests
{
    private const int AtATime = 32;

    private static readonly string[] Others = ["nginx", "haproxy", "apache", "node", "kestrel"];

    // Each third of them, in the longer run all.
    private static readonly int Step = Live.IsSoak ? 1 : 3;

    private Live _live = null!;

    [SetUp]
    public void Begin() => _live = new Live();

    [TearDown]
    public void End() => _live.Dispose();

    [Test]
    public async Task Nobodys_proxy_smuggles_requests_to_the_service([ValueSource(nameof(Others))] string front)
    {
        var (seen, service, at) = Service();
        using var proxy = SmugglingPeers.Front(front, at, (IPEndPoint)service.EndPoint);
        await Say(at);
        Look($"{front} before diesel", [.. seen]);
    }

    [Test]
    public async Task A_proxy_of_the_service_smuggles_requests_to_nobodys_server([ValueSource(nameof(Others))] string back)
    {
        var (folder, at) = (Directory.CreateTempSubdirectory("d-"), Daemon.FreePort());
        folder.UnixFileMode |= UnixFileMode.OtherExecute | UnixFileMode.OtherRead | UnixFileMode.OtherWrite;
        var log = Path.Combine(folder.FullName, "log");
        try
        {
            using (SmugglingPeers.Back(back, at, log))
            {
                await Say((IPEndPoint)Proxy(at).EndPoint);

                // What it has read it writes down when it has answered.
                using var moment = new PeriodicTimer(TimeSpan.FromMilliseconds(300));
                await moment.WaitForNextTickAsync();
            }

            Look($"diesel before {back}", File.ReadAllLines(log));
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    [Test]
    public async Task A_proxy_of_the_service_smuggles_none_to_the_service()
    {
        var (seen, service, _) = Service();
        await Say((IPEndPoint)Proxy(service.EndPoint).EndPoint);
        Look("diesel before diesel", [.. seen]);
    }

    private (ConcurrentQueue<string> Seen, HttpService Service, IPEndPoint Front) Service()
    {
        var seen = new ConcurrentQueue<string>();
        return (seen, _live.Starts(new HttpService(new IPEndPoint(IPAddress.Loopback, 0), async request =>
        {
            seen.Enqueue($"{request.Path} {request.Headers[SmugglingPeers.Mark] ?? "-"}");
            await request.Read();
            return HttpResponse.Text("ok");
        })), Daemon.FreePort());
    }

    private HttpService Proxy(EndPoint back) => _live.Starts(new HttpService(new IPEndPoint(IPAddress.Loopback, 0), HttpForwarder.To(back, SmugglingPeers.Mark)));

    private static void Look(string pair, string[] seen)
    {
        var (outer, smuggled) = (seen.Where(static line => line.StartsWith("/outer", StringComparison.Ordinal)).ToArray(), seen.Where(static line => line.StartsWith("/smuggled", StringComparison.Ordinal)).ToArray());
        var unmarked = outer.Concat(smuggled).Where(static line => !line.EndsWith(" 1", StringComparison.Ordinal)).ToArray();
        TestContext.Out.WriteLine($"{pair}: {outer.Length} requests got through, {smuggled.Length} others that the proxy saw as well, {unmarked.Length} that it did not");
        Assert.That(outer, Is.Not.Empty, "Nothing got through: there was nothing to see.");
        Assert.That(unmarked.Select(static line => line + " " + SmugglingCases.All[int.Parse(line.Split('-', ' ')[1], System.Globalization.CultureInfo.InvariantCulture)]), Is.Empty);
    }

    private static Task Say(IPEndPoint front) => Parallel.ForEachAsync(
        Enumerable.Range(0, SmugglingCases.All.Count).Where(static n => n % Step == 0), new ParallelOptions { MaxDegreeOfParallelism = AtATime },
        async (n, _) => await Say(front, SmugglingCases.All[n]));

    // Until nothing more comes for a moment.
    private static async Task Say(IPEndPoint front, string bytes)
    {
        using var socket = new Socket(SocketType.Stream, ProtocolType.Tcp);
        try
        {
            await socket.ConnectAsync(front);
            await socket.SendAsync(Encoding.Latin1.GetBytes(bytes));
            var room = new byte[4096];
            while (true)
            {
                using var silence = new CancellationTokenSource(TimeSpan.FromMilliseconds(200));
                if (await socket.ReceiveAsync(room, silence.Token) == 0)
                {
                    return;
                }
            }
        }
        catch (Exception error) when (error is SocketException or OperationCanceledException)
        {
        }
    }
}
