using System.Net;
using System.Net.Sockets;
using Diesel.Reactive.Protocols.Http;
using static Diesel.Reactive.Tests.HttpAsking;
using static Diesel.Reactive.Tests.HttpTalk;

namespace Diesel.Reactive.Tests;

/// <summary>A request is given up, wherever it is: its caller is told at once, its connection ends, and the next one is none the worse for it.</summary>
public class HttpCancellationTests
{
    private World _world = null!;

    [SetUp]
    public void Start() => _world = new World();

    [TearDown]
    public void Stop() => _world.Dispose();

    [Test]
    public void In_the_line_for_a_connection_it_leaves_its_place_to_others([Values] bool byClient)
    {
        var answers = new Queue<string?>([null, Ok]);
        var server = _world.Serves(_ => answers.Dequeue());
        using var client = _world.Clients(DieselHttpHandler.Defaults with { WebProxy = null, MaxConnections = 1 });
        var first = _world.Asked(() => client.GetAsync("/first"));
        _world.Play(async () =>
        {
            var second = byClient ? Cancelled(client.GetAsync, client) : Cancelled(client.GetAsync);
            Assert.That(await second, Is.EqualTo(("cancelled", 1.0)).Within(0.01));
        });
        Assert.That(first(), Is.EqualTo(byClient ? "cancelled" : null));
        if (!byClient)
        {
            server.Last.Sends(Ok);
            Assert.That(first(), Is.EqualTo("200 hello"));
        }

        _world.Play(async () => Assert.That(await client.GetAsync("/third").Told(), Is.EqualTo("200 hello")));
        Assert.That(server[0].Received, Does.Not.Contain("/second"));
    }

    [Test]
    public void While_its_connection_is_made_that_is_left_or_kept_for_the_next()
    {
        _world.Network.Conditions = new() { Latency = Testing.Latency.FromTimeSpan(TimeSpan.FromSeconds(5)) };
        var server = _world.Serves(Ok);
        using var client = _world.Clients();
        _world.Play(async () =>
        {
            Assert.That(await Cancelled(client.GetAsync), Is.EqualTo(("cancelled", 1.0)).Within(0.01));
            Assert.That(await client.GetAsync("/").Told(), Is.EqualTo("200 hello"));
        });
        Assert.That(string.Concat(Enumerable.Range(0, server.Count).Select(n => server[n].Received)), Does.Not.Contain("/second"));
    }

    [Test]
    public void While_TLS_is_agreed_on()
    {
        var server = _world.Listens(443);
        using var client = _world.Clients();
        _world.Play(async () => Assert.That(await Cancelled((_, token) => client.GetAsync("https://10.0.0.1/", token)), Is.EqualTo(("cancelled", 1.0)).Within(0.01)));
        _world.Passes(60);
        Assert.That(server.Last.HasEnded || server.Last.IsReset, Is.True);
    }

    [TestCase(null, TestName = "Before its head has come")]
    [TestCase("HTTP/1.1 200 OK\r\nContent-Le", TestName = "Within its head")]
    [TestCase("HTTP/1.1 103 Early Hints\r\n\r\n", TestName = "Behind an interim answer")]
    [TestCase("HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nhello", TestName = "Within its body")]
    [TestCase("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n", TestName = "Within a body in chunks")]
    [TestCase("HTTP/1.1 200 OK\r\n\r\nhello", TestName = "Within a body that lasts until the end")]
    public void While_it_is_answered(string? answer)
    {
        var asked = 0;
        var server = _world.Serves(_ => asked++ == 0 ? answer : Ok);
        using var client = _world.Clients();
        _world.Play(async () => Assert.That(await Cancelled(client.GetAsync), Is.EqualTo(("cancelled", 1.0)).Within(0.01)));
        _world.Passes(5);
        Assert.That(server.Last.HasEnded || server.Last.IsReset, Is.True);
        _world.Play(async () => Assert.That(await client.GetAsync("/").Told(), Is.EqualTo("200 hello")));
        Assert.That(server.Count, Is.EqualTo(2));
    }

    [Test]
    public void While_its_body_is_sent_or_waits_to_be([Values] bool expects)
    {
        _world.Network.Conditions = new() { Window = 1000 };
        var server = _world.Listens(Port, static peer => peer.StopsReading());
        using var client = _world.Clients(DieselHttpHandler.Defaults with { WebProxy = null, ExpectTimeout = TimeSpan.FromHours(1) });
        _world.Play(async () =>
        {
            var outcome = await Cancelled((path, token) => client.SendAsync(
                new HttpRequestMessage(HttpMethod.Post, path) { Content = new StreamContent(new MemoryStream(new byte[1_000_000])), Headers = { ExpectContinue = expects } }, token));
            Assert.That(outcome, Is.EqualTo(("cancelled", 1.0)).Within(0.01));
        });
        server.Last.ReadsOn();
        _world.Passes(5);
        Assert.That((server.Last.IsReset || server.Last.HasEnded, server.Last.Received.Length < 100_000), Is.EqualTo((true, true)));
    }

    [Test]
    public void While_its_body_is_read_as_a_stream()
    {
        var server = _world.Serves("HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nhello");
        using var client = _world.Clients();
        _world.Play(async () =>
        {
            using var response = await client.GetAsync("/", HttpCompletionOption.ResponseHeadersRead);
            await using var body = await response.Content.ReadAsStreamAsync();
            await body.ReadExactlyAsync(new byte[5]);
            using var cancellation = new CancellationTokenSource();
            _world.Hub.Sleep(TimeSpan.FromSeconds(1)).Subscribe(_ => cancellation.Cancel());
            Assert.That(await Failure(async () => await body.ReadExactlyAsync(new byte[1], cancellation.Token)), Is.InstanceOf<OperationCanceledException>());
        });
        _world.Passes(5);
        Assert.That(server.Last.HasEnded || server.Last.IsReset, Is.True, "whoever leaves has let go of it");
    }

    [Test]
    public void One_that_is_cancelled_already_sends_nothing()
    {
        var server = _world.Serves(Ok);
        using var client = _world.Clients();
        _world.Play(async () => Assert.That(await client.GetAsync("/", new CancellationToken(canceled: true)).Told(), Is.EqualTo("cancelled")));
        Assert.That(server.Count, Is.Zero);
    }

    [Test]
    public void Who_cancels_the_one_before_does_not_harm_the_next()
    {
        // The second uses what the first was made of.
        var server = _world.Serves(Ok);
        using var client = _world.Clients();
        _world.Play(async () =>
        {
            using var cancellation = new CancellationTokenSource();
            Assert.That(await client.GetAsync("/", cancellation.Token).Told(), Is.EqualTo("200 hello"));
            var next = client.GetAsync("/").Told();
            await cancellation.CancelAsync();
            Assert.That(await next, Is.EqualTo("200 hello"));
        });
        Assert.That(server.Count, Is.EqualTo(1));
    }

    [Test]
    public void A_loop_that_ends_gives_up_what_it_waits_for_and_nothing_else()
    {
        var answers = new Queue<string?>([Ok, null, Ok]);
        var server = _world.Serves(_ => answers.Dequeue());
        using var client = _world.Asks();
        var (loop, _) = _world.Runs(async () =>
        {
            await client.Request("GET", "/one");
            await client.Request("GET", "/two");
        });
        _world.Passes(1);
        _world.Do(loop.Dispose);
        _world.Passes(1);
        Assert.That((server.Last.IsReset || server.Last.HasEnded, client.Counts.Lent), Is.EqualTo((true, 0)));
        _world.Play(async () => Assert.That(await client.Request("GET", "/three").Told(), Is.EqualTo("200 hello")));
    }

    [Test]
    public async Task Off_the_hub_whoever_is_told_and_blocks_keeps_no_connection_from_its_end()
    {
        using var live = new Live();
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        using var client = new HttpClient(new DieselHttpHandler(DieselHttpHandler.Defaults with { WebProxy = null }, live.Hub));
        using var cancellation = new CancellationTokenSource();
        using var gate = new ManualResetEventSlim();
        var asked = client.GetAsync($"http://{listener.LocalEndpoint}/", cancellation.Token);
        using var socket = await listener.AcceptSocketAsync();
        var room = new byte[1000];
        await socket.ReceiveAsync(room);
        var told = asked.ContinueWith(_ => gate.Wait(), CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
        var cancelling = Task.Run(cancellation.Cancel);
        var left = -1;
        var failure = await Failure(async () => left = await socket.ReceiveAsync(room).WaitAsync(TimeSpan.FromSeconds(10)));
        gate.Set();
        await cancelling;
        await told;
        Assert.That((left, failure is null or SocketException), Is.EqualTo((0, true)).Or.EqualTo((-1, true)), $"{failure}");
    }

    // Gives up after a second, and says what was told and when.
    private async Task<(string, double)> Cancelled(Func<string, CancellationToken, Task<HttpResponseMessage>> ask, HttpClient? client = null)
    {
        var began = _world.Now;
        using var cancellation = new CancellationTokenSource();
        _world.Hub.Sleep(TimeSpan.FromSeconds(1)).Subscribe(_ => (client is null ? (Action)cancellation.Cancel : client.CancelPendingRequests)());
        return (await ask("/second", cancellation.Token).Told(), _world.Now - began);
    }
}
