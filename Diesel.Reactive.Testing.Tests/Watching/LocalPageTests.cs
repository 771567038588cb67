using System.Net;
using System.Net.Sockets;
using System.Text.Json;
using Diesel.Reactive.Inspector;
using Diesel.Reactive.Marbles;
using Diesel.Reactive.Protocols.Http;

namespace Diesel.Reactive.Tests;

/// <summary>Pages for the person at this machine, and for nobody else.</summary>
public class LocalPageTests
{
    [Test]
    public async Task The_address_with_its_token_gives_the_page()
    {
        using var live = new Live();
        using var inspector = live.Hub.Inspect();
        using var http = new HttpClient();
        var answer = await http.GetAsync(inspector.Address);
        Assert.That((answer.StatusCode, answer.Content.Headers.ContentType?.MediaType), Is.EqualTo((HttpStatusCode.OK, "text/html")));
        Assert.That(answer.Headers.GetValues("Content-Security-Policy").Single(), Does.Contain("default-src 'none'").And.Contain("frame-ancestors 'none'"));
        Assert.That(answer.Headers.CacheControl?.NoStore, Is.True);
        Assert.That(inspector.Address.Host, Is.EqualTo("127.0.0.1"));
    }

    [TestCase("/")]
    [TestCase("/?token=")]
    [TestCase("/?token=00000000000000000000000000000000")]
    [TestCase("/socket")]
    public async Task Without_it_there_is_nothing(string path)
    {
        using var live = new Live();
        using var inspector = live.Hub.Inspect();
        using var http = new HttpClient();
        Assert.That((await http.GetAsync(new Uri(inspector.Address, path))).StatusCode, Is.EqualTo(HttpStatusCode.Forbidden));
    }

    [Test]
    public async Task A_name_of_another_site_that_leads_here_gets_nothing()
    {
        using var live = new Live();
        using var inspector = live.Hub.Inspect();
        using var http = new HttpClient();
        using var request = new HttpRequestMessage(HttpMethod.Get, inspector.Address);
        request.Headers.Host = "evil.example";
        Assert.That((await http.SendAsync(request)).StatusCode, Is.EqualTo(HttpStatusCode.Forbidden));
    }

    [Test]
    public async Task The_name_of_this_machine_leads_here_too()
    {
        using var live = new Live();
        using var inspector = live.Hub.Inspect();
        using var http = new HttpClient();
        using var request = new HttpRequestMessage(HttpMethod.Get, inspector.Address);
        request.Headers.Host = $"localhost:{inspector.Address.Port}";
        Assert.That((await http.SendAsync(request)).StatusCode, Is.EqualTo(HttpStatusCode.OK));
        using var socket = new System.Net.WebSockets.ClientWebSocket();
        socket.Options.SetRequestHeader("Origin", $"http://localhost:{inspector.Address.Port}");
        await socket.ConnectAsync(Socket(inspector.Address), CancellationToken.None);
        Assert.That(socket.State, Is.EqualTo(System.Net.WebSockets.WebSocketState.Open));
    }

    [TestCase("http://evil.example")]
    [TestCase("http://localhost:1")]
    public void A_page_of_another_site_gets_no_socket(string origin)
    {
        using var live = new Live();
        using var inspector = live.Hub.Inspect();
        using var socket = new System.Net.WebSockets.ClientWebSocket();
        socket.Options.SetRequestHeader("Origin", origin);
        Assert.That(() => socket.ConnectAsync(Socket(inspector.Address), CancellationToken.None).GetAwaiter().GetResult(), Throws.TypeOf<System.Net.WebSockets.WebSocketException>());
    }

    [Test]
    public void It_listens_on_loopback_only()
    {
        using var live = new Live();
        using var inspector = live.Hub.Inspect();
        var own = Dns.GetHostAddresses(Dns.GetHostName()).FirstOrDefault(static address => !IPAddress.IsLoopback(address) && address.AddressFamily == AddressFamily.InterNetwork);
        Assume.That(own, Is.Not.Null);
        using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        Assert.That(() => socket.Connect(own!, inspector.Address.Port), Throws.TypeOf<SocketException>());
    }

    [Test]
    public void It_shows_connections_loops_and_what_is_said_and_makes_a_test_of_it()
    {
        using var live = new Live();
        using var inspector = live.Hub.Inspect();
        using var page = new Page(inspector.Address);
        page.Next(static told => told.GetProperty("t").GetString() == "state");
        Assert.That(inspector.Watchers, Is.EqualTo(1));

        var service = new TcpService(0, static connection => connection.UntilEol(), new() { Layer = inspector.Tap });
        service.Start(live.Hub);
        using var client = new TcpClient();
        client.Connect(IPAddress.Loopback, service.Port);
        client.GetStream().Write("ping\r\n"u8);
        var said = page.Next(static told => told.GetProperty("t").GetString() == "events").GetProperty("events")[0];
        Assert.That((said.GetProperty("lane").GetString(), said.GetProperty("text").GetString()), Is.EqualTo(("rx", @"'ping\r\n'")));
        var state = page.Next(static told => told.GetProperty("t").GetString() == "state" && told.GetProperty("connections").GetArrayLength() == 1);
        Assert.That(state.GetProperty("connections")[0].GetProperty("received").GetInt64(), Is.EqualTo(6));
        page.Send($$"""{"copy":{{said.GetProperty("id").GetInt32()}}}""");
        var test = page.Next(static told => told.GetProperty("t").GetString() == "test").GetProperty("text").GetString();
        Assert.That(test, Does.Contain("""rx: @"'ping\r\n'" """.TrimEnd()).And.Contain("tx: @\"").And.Contain("[Test]"));
    }

    [Test]
    public void A_stream_is_shown_while_a_page_is_open()
    {
        using var live = new Live();
        using var inspector = live.Hub.Inspect();
        using var page = new Page(inspector.Address);
        page.Next(static told => told.GetProperty("t").GetString() == "state");
        using var source = new System.Reactive.Subjects.Subject<int>();
        using var told = source.ShowOn(inspector, "orders").Subscribe();
        source.OnNext(42);
        var said = page.Next(static told => told.GetProperty("t").GetString() == "events").GetProperty("events")[0];
        Assert.That((said.GetProperty("name").GetString(), said.GetProperty("text").GetString()), Is.EqualTo(("orders", "'42'")));
    }

    [Test]
    public void While_nobody_looks_nothing_is_copied_and_no_hub_takes_a_turn()
    {
        using var live = new Live();
        using var inspector = live.Hub.Inspect();
        var row = inspector.Open("x", isConnection: true, live.Hub);
        var bytes = new byte[100_000];
        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < 1000; i++)
        {
            row.Tell("rx", Testing.MarbleKind.Value, bytes);
        }

        Assert.That(GC.GetAllocatedBytesForCurrentThread() - before, Is.LessThan(10_000));
        Assert.That(new LiveTape(row).Copy(bytes), Is.Empty);
        Assert.That(() => Observable.Return(new Shy()).ShowOn(inspector, "shy").Subscribe(), Throws.Nothing);
        Assert.That((live.Hub.Snapshot().AsTask().Result.TimerCount, inspector.Own.Snapshot().AsTask().Result.TimerCount), Is.EqualTo((0, 0)), "nothing is due by itself");
    }

    [Test]
    public void Of_a_row_that_is_hidden_nothing_is_kept()
    {
        using var live = new Live();
        using var inspector = live.Hub.Inspect();
        using var page = new Page(inspector.Address);
        page.Next(static told => told.GetProperty("t").GetString() == "state");
        using var source = new System.Reactive.Subjects.Subject<string>();
        using var other = new System.Reactive.Subjects.Subject<string>();
        using var hidden = source.ShowOn(inspector, "hidden").Subscribe();
        using var shown = other.ShowOn(inspector, "shown").Subscribe();
        var ids = inspector.Rows.Select(static row => row.Id).ToArray();
        page.Send($$"""{"show":[{{ids[1]}}],"follow":false}""");
        page.Send($$"""{"copy":{{ids[0]}}}""");
        page.Next(static told => told.GetProperty("t").GetString() == "test");
        source.OnNext("secret");
        other.OnNext("open");
        Assert.That(page.Next(static told => told.GetProperty("t").GetString() == "events").GetProperty("events").EnumerateArray().Select(static told => told.GetProperty("text").GetString()), Is.EqualTo(new[] { "'open'" }));
        page.Send($$"""{"copy":{{ids[0]}}}""");
        Assert.That(page.Next(static told => told.GetProperty("t").GetString() == "test").GetProperty("text").GetString(), Does.Not.Contain("secret"));
    }

    [Test]
    public void A_hub_that_stands_still_is_told()
    {
        using var live = new Live();
        using var inspector = live.Hub.Inspect();
        using var page = new Page(inspector.Address);
        page.Next(static told => told.GetProperty("t").GetString() == "state");
        var stands = true;
        live.Hub.Post(_ => SpinWait.SpinUntil(() => !Volatile.Read(ref stands), Live.Patience));
        page.Next(static told => told.GetProperty("t").GetString() == "stuck");
        Volatile.Write(ref stands, false);
        page.Next(static told => told.GetProperty("t").GetString() == "state");
    }

    [Test]
    public void A_file_is_shown_moved_and_run()
    {
        var folder = Directory.CreateTempSubdirectory("watch").FullName;
        var path = Path.Combine(folder, "throttle.marble");
        File.WriteAllText(path, File.ReadAllText(Repository.PathOf("Diesel.Reactive.Testing.Tests", "Cases", "throttle.marble")));
        using (var watch = new WatchCommand(folder, typeof(LocalPageTests).Assembly.Location, 0))
        using (var page = new Page(watch.Address))
        {
            Assert.That(page.Next(static told => told.GetProperty("t").GetString() == "files").GetProperty("names")[0].GetString(), Is.EqualTo("throttle.marble"));
            page.Send("""{"file":"throttle.marble"}""");
            Assert.That(Case(page).GetProperty("passed").GetBoolean(), Is.True);

            page.Send("""{"file":"throttle.marble","move":{"line":2,"index":1,"ms":6}}""");
            var moved = Case(page);
            Assert.That(moved.GetProperty("passed").GetBoolean(), Is.False);
            Assert.That(moved.GetProperty("result").GetString(), Does.Contain("Marbles differ"));
            Assert.That(moved.GetProperty("difference").GetString(), Does.Contain("class=\"ring\""));
            Assert.That(File.ReadAllText(path), Does.Contain("--a---b----c--|"));

            page.Send("""{"file":"throttle.marble","text":"= A\nhut a : -"}""");
            Assert.That(page.Next(static told => told.TryGetProperty("error", out _)).GetProperty("error").GetString(), Does.Contain("'hut' is no role"));
            Assert.That(File.ReadAllText(path), Does.Contain("--a---b----c--|"), "what is wrong is not written");

            File.WriteAllText(path, "= Other\nhot a : -b|\n");
            page.Next(static told => told.GetProperty("t").GetString() == "changed");

            // As some editors write: a file of another name takes its place.
            File.Move(path, path + "~");
            File.WriteAllText(path, "= Other one\nhot a : -b|\n");
            page.Next(static told => told.GetProperty("t").GetString() is "changed" or "files");
        }

        Directory.Delete(folder, recursive: true);

        static JsonElement Case(Page page) => page.Next(static told => told.GetProperty("t").GetString() == "file").GetProperty("cases")[0];
    }

    [Test]
    public void What_is_written_as_soon_as_a_page_is_there_is_told()
    {
        var folder = Directory.CreateTempSubdirectory("watch").FullName;
        var path = Path.Combine(folder, "a.marble");
        File.WriteAllText(path, "= A\nhot a : -b|\n");
        using (var watch = new WatchCommand(folder, null, 0))
        using (var page = new Page(watch.Address))
        {
            page.Next(static told => told.GetProperty("t").GetString() == "files");
            File.WriteAllText(path, "= Other\nhot a : -b|\n");
            page.Next(static told => told.GetProperty("t").GetString() == "changed");
        }

        Directory.Delete(folder, recursive: true);
    }

    [Test]
    public void A_file_outside_of_the_folder_is_not_shown()
    {
        var folder = Directory.CreateTempSubdirectory("watch").FullName;
        File.WriteAllText(Path.Combine(folder, "a.marble"), "= A\nhot a : -b|\n");
        using (var watch = new WatchCommand(folder, null, 0))
        using (var page = new Page(watch.Address))
        {
            page.Send("""{"file":"../../etc/passwd"}""");
            Assert.That(page.Next(static told => told.GetProperty("t").GetString() == "wrong").GetProperty("text").GetString(), Does.Contain("no such file"));
        }

        Directory.Delete(folder, recursive: true);
    }

    private sealed class Shy
    {
        public override string ToString() => throw new InvalidOperationException("Nobody looks.");
    }

    private static Uri Socket(Uri page) => new($"ws://{page.Authority}/socket{page.Query}");

    /// <summary>What a browser's page does, without one.</summary>
    private sealed class Page : IDisposable
    {
        private readonly Live _live = new();
        private readonly WebSocketConnection _socket;

        public Page(Uri address) => _socket = _live.Run(() => WebSockets.Connect(Socket(address), hub: _live.Hub).AsTask());

        public JsonElement Next(Func<JsonElement, bool> isIt)
        {
            var heard = new List<string>();
            try
            {
                return _live.Run(() => Read(isIt, heard));
            }
            catch (TimeoutException late)
            {
                throw new AssertionException($"Of {heard.Count} messages none was it; the last: {string.Join(Environment.NewLine, heard.TakeLast(10))}", late);
            }
        }

        public void Send(string text) => _live.Do(() => _socket.OnNext(text));

        public void Dispose() => _live.Dispose();

        private async Task<JsonElement> Read(Func<JsonElement, bool> isIt, List<string> heard)
        {
            while (true)
            {
                var text = (await _socket.Read()).Text;
                heard.Add(text.Length < 200 ? text : text[..200]);
                var told = JsonDocument.Parse(text).RootElement;
                if (isIt(told))
                {
                    return told;
                }
            }
        }
    }
}
