using System.Net;
using System.Net.WebSockets;
using Diesel.Reactive.Protocols.Http;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.Logging;
using WebSocketOptions = Diesel.Reactive.Protocols.Http.WebSocketOptions;

namespace Diesel.Reactive.Tests;

/// <summary>WebSockets over TLS (<c>wss</c>): ours with ours, and each with what others wrote.</summary>
public class WebSocketTlsTests
{
    private static readonly WebSocketOptions Deflating = new() { Deflate = new() { MinimumLength = 1 } };

    private List<string> _seen = [];
    private Live _live = null!;

    [SetUp]
    public void Begin() => (_seen, _live) = ([], new Live());

    [TearDown]
    public void End() => _live.Dispose();

    [Test]
    public void Our_client_talks_to_our_service([Values] bool deflates)
    {
        var service = Serves();
        _live.Run(async () => await (await Connect(service.Port, deflates)).TalksWithAnEcho());
        Assert.That(_seen, Is.EqualTo(new[] { "/ws Tls13" }));
    }

    [Test]
    public void A_certificate_that_nobody_vouches_for_is_refused_before_a_word_is_said()
    {
        var service = Serves();
        Assert.That(() => _live.Run(async () => await WebSockets.Connect($"wss://localhost:{service.Port}/ws", hub: _live.Hub)), Throws.InstanceOf<TlsException>());
        Assert.That(_seen, Is.Empty);
    }

    [Test]
    public void A_service_that_stops_says_so_through_TLS()
    {
        var service = Serves();
        _live.Run(async () =>
        {
            var client = await Connect(service.Port, deflates: false);
            client.OnNext("hello");
            await client.Read();
            var stopped = service.Stop();
            Assert.That(await client.ToList().ToAwaitable(), Is.Empty);
            Assert.That(client.CloseStatus, Is.EqualTo(WebSocketCloseStatus.EndpointUnavailable));
            await stopped;
        });
    }

    [Test]
    public async Task Dotnets_client_talks_to_our_service()
    {
        var service = Serves();
        using var client = new ClientWebSocket();
        client.Options.RemoteCertificateValidationCallback = static (_, certificate, _, _) => certificate?.GetCertHashString() == Authority.Localhost.Certificate.GetCertHashString();
        await client.ConnectAsync(new Uri($"wss://localhost:{service.Port}/ws"), default).WaitAsync(Live.Patience);
        foreach (var length in new[] { 1, 70_000 })
        {
            var (sent, got, received) = (new byte[length], new byte[length + 1], 0);
            new Random(length).NextBytes(sent);
            await client.SendAsync(sent.AsMemory(), WebSocketMessageType.Binary, true, default);
            for (var isLast = false; !isLast;)
            {
                var some = await client.ReceiveAsync(got.AsMemory(received), default).AsTask().WaitAsync(Live.Patience);
                (received, isLast) = (received + some.Count, some.EndOfMessage);
            }

            Assert.That(got.AsSpan(0, received).SequenceEqual(sent), Is.True);
        }

        await client.CloseAsync(WebSocketCloseStatus.NormalClosure, "", default).WaitAsync(Live.Patience);
        Assert.That(client.CloseStatus, Is.EqualTo(WebSocketCloseStatus.NormalClosure));
    }

    [Test]
    public async Task Our_client_talks_to_Kestrel([Values] bool deflates)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseKestrelHttpsConfiguration();
        builder.WebHost.ConfigureKestrel(static kestrel => kestrel.Listen(IPAddress.Loopback, 0, static listen => listen.UseHttps(Authority.Localhost.Certificate)));
        await using var application = builder.Build();
        application.UseWebSockets();
        application.Run(WebSocketPeerTests.Echo);
        await application.StartAsync();
        var port = new Uri(application.Urls.Single()).Port;
        _live.Run(async () => await (await Connect(port, deflates)).TalksWithAnEcho());
    }

    private HttpService Serves() => _live.Starts(new HttpService(
        new IPEndPoint(IPAddress.Loopback, 0),
        request =>
        {
            _seen.Add($"{request.Path} {request.Feature<TlsInfo>()?.Protocol}");
            return request.AcceptWebSocket(static socket => socket, Deflating);
        },
        new() { Tls = Authority.Server }));

    private Awaitable<WebSocketConnection> Connect(int port, bool deflates) => WebSockets.Connect(
        $"wss://localhost:{port}/ws", new() { Connect = new() { Tls = Authority.Client }, Deflate = deflates ? Deflating.Deflate : null }, _live.Hub);
}
