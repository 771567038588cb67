using System.Net;
using System.Net.Sockets;
using System.Net.WebSockets;
using Diesel.Reactive.AspNetCore;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.SignalR;
using Microsoft.AspNetCore.SignalR.Client;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;

namespace Diesel.Reactive.Tests;

/// <summary>Where an application is served, how it stops, and what else of ASP.NET Core runs on it.</summary>
public class DieselHostingTests
{
    private Live _live = null!;

    [SetUp]
    public void Start() => _live = new Live(new Hub());

    [TearDown]
    public void Stop() => _live.Dispose();

    [Test]
    public async Task The_address_has_the_port_that_the_system_chose()
    {
        await using var web = await Serve(static app => app.MapGet("/", static () => "hello"));
        var addresses = web.App.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses;
        Assert.That(new Uri(addresses.Single()).Port, Is.GreaterThan(0));
    }

    [Test]
    public async Task Several_addresses_are_served()
    {
        await using var web = await Serve(static app => app.MapGet("/", static (HttpContext context) => context.Connection.LocalPort), url: "http://127.0.0.1:0;http://127.0.0.1:0");
        using var client = new HttpClient();
        var ports = await Task.WhenAll(web.App.Urls.Select(async url => int.Parse(await client.GetStringAsync(new Uri(url)), null)));
        Assert.That(ports, Is.EqualTo(web.App.Urls.Select(static url => new Uri(url).Port)).And.Unique);
    }

    [Test]
    public async Task A_star_is_every_address()
    {
        await using var web = await Serve(static app => app.MapGet("/", static () => "hello"), url: "http://*:0");
        using var client = new HttpClient();
        foreach (var host in Socket.OSSupportsIPv6 ? (string[])["127.0.0.1", "[::1]"] : ["127.0.0.1"])
        {
            Assert.That(await client.GetStringAsync(new Uri($"http://{host}:{web.Address.Port}/")), Is.EqualTo("hello"), host);
        }
    }

    [Test]
    public async Task A_unix_socket_is_served()
    {
        var path = Path.Combine(Path.GetTempPath(), $"diesel-{Guid.NewGuid():N}.sock");
        await using var web = await Serve(static app => app.MapGet("/", static () => "by path"), url: $"http://unix:{path}");
        using var client = web.Client();
        Assert.That(await client.GetStringAsync(Root), Is.EqualTo("by path"));
    }

    [Test]
    public async Task With_a_certificate_it_is_https()
    {
        await using var web = await Serve(
            static app => app.MapGet("/", static (HttpContext context) => $"{context.Request.Scheme} {context.Features.Get<ITlsConnectionFeature>() is not null}"),
            new() { Tls = new() { Certificate = TlsCertificate.SelfSigned("localhost") } },
            url: "https://127.0.0.1:0");
        using var client = web.Client();
        Assert.That(await client.GetStringAsync(Root), Is.EqualTo("https True"));
    }

    [Test]
    public async Task Endpoints_certificates_and_limits_are_read_from_where_Kestrel_reads_them()
    {
        using var certificate = new TemporaryCertificate();
        await using var web = await Serve(
            static app => app.MapPost("/", static async (HttpContext context) => await context.Request.Body.CopyToAsync(Stream.Null)),
            configure: builder => builder.Configuration.AddInMemoryCollection(new Dictionary<string, string?>
            {
                ["Kestrel:Endpoints:One:Url"] = "https://127.0.0.1:0",
                ["Kestrel:Endpoints:One:Certificate:Path"] = certificate.File,
                ["Kestrel:Endpoints:One:Certificate:KeyPath"] = certificate.KeyFile,
                ["Kestrel:Limits:MaxRequestBodySize"] = "5",
            }));
        using var client = web.Client();
        using var response = await client.PostAsync(Root, new StringContent("more than five"));
        Assert.That((web.Address.Scheme, response.StatusCode), Is.EqualTo(("https", HttpStatusCode.RequestEntityTooLarge)));
    }

    [Test]
    public void Https_without_a_certificate_says_what_to_do() => Assert.That(
        async () => await Serve(static _ => { }, url: "https://127.0.0.1:0"),
        Throws.InvalidOperationException.With.Message.Contains("Kestrel:Certificates:Default:Path"));

    [Test]
    public async Task A_group_of_hubs_shares_the_port()
    {
        using var group = new HubGroup(2);
        await using var web = await WebOnHub.Start(new() { Hubs = group, RunsOnHub = true }, app => app.MapGet("/", (HttpContext context) => group.Hubs.TakeWhile(hub => hub != context.Features.Get<IHubFeature>()!.Hub).Count()));
        var seen = new HashSet<string>();
        for (var i = 0; i < 200 && seen.Count < 2; i++)
        {
            using var client = web.Client();
            seen.Add(await client.GetStringAsync(Root));
        }

        Assert.That(seen, Has.Count.EqualTo(2));
    }

    [Test]
    public async Task Who_stops_answers_what_was_accepted()
    {
        var begun = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var goOn = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var web = await Serve(app => app.MapGet("/", async () =>
        {
            begun.SetResult();
            await goOn.Task;
            return "late";
        }));
        using var client = web.Client();
        var answer = client.GetStringAsync(Root);
        await begun.Task.WaitAsync(Live.Patience);
        var stopped = web.App.StopAsync();
        Assert.That(() => stopped.IsCompleted, Is.False.After(200), "It waits for whom it has accepted.");
        goOn.SetResult();
        Assert.That(await answer.WaitAsync(Live.Patience), Is.EqualTo("late"));
        await stopped.WaitAsync(Live.Patience);
        Assert.That(async () => await client.GetStringAsync(Root), Throws.InstanceOf<HttpRequestException>());
    }

    [Test]
    public async Task A_stop_waits_no_longer_than_it_may()
    {
        var begun = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var web = await Serve(app => app.MapGet("/", async (HttpContext context) =>
        {
            begun.SetResult();
            await Task.Delay(Timeout.Infinite, context.RequestAborted);
        }), new() { Http = new() { DrainTimeout = TimeSpan.FromSeconds(1) } });
        using var client = web.Client();
        var answer = client.GetStringAsync(Root);
        await begun.Task.WaitAsync(Live.Patience);
        using var most = new CancellationTokenSource(TimeSpan.FromMilliseconds(100));
        await web.App.StopAsync(most.Token).WaitAsync(Live.Patience);
        Assert.That(async () => await answer.WaitAsync(Live.Patience), Throws.InstanceOf<HttpRequestException>());
    }

    [Test]
    public async Task WebSockets_run_on_it([Values] bool onHub)
    {
        await using var web = await Serve(
            static app =>
            {
                app.UseWebSockets();
                app.Map("/", static async (HttpContext context) =>
                {
                    using var socket = await context.WebSockets.AcceptWebSocketAsync();
                    var buffer = new byte[100];
                    var got = await socket.ReceiveAsync(buffer.AsMemory(), context.RequestAborted);
                    await socket.SendAsync(buffer.AsMemory(0, got.Count), got.MessageType, true, context.RequestAborted);
                    await socket.CloseAsync(WebSocketCloseStatus.NormalClosure, null, CancellationToken.None);
                });
            },
            new() { RunsOnHub = onHub });
        using var client = new ClientWebSocket();
        await client.ConnectAsync(new UriBuilder(web.Address) { Scheme = "ws" }.Uri, CancellationToken.None);
        await client.SendAsync("hello"u8.ToArray(), WebSocketMessageType.Text, true, CancellationToken.None);
        var buffer = new byte[100];
        var (echo, end) = (await client.ReceiveAsync(buffer, CancellationToken.None), await client.ReceiveAsync(new byte[1], CancellationToken.None));
        Assert.That((System.Text.Encoding.UTF8.GetString(buffer, 0, echo.Count), end.MessageType), Is.EqualTo(("hello", WebSocketMessageType.Close)));
    }

    [Test]
    public async Task Who_logs_a_request_that_failed_sees_the_status_that_was_sent()
    {
        var status = new TaskCompletionSource<int>(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var web = await Serve(app => app.MapGet("/", string (Microsoft.AspNetCore.Http.HttpContext context) =>
        {
            context.Response.OnCompleted(() => Task.FromResult(status.TrySetResult(context.Response.StatusCode)));
            throw new InvalidOperationException("on purpose");
        }));
        using var client = web.Client();
        using var response = await client.GetAsync(Root);
        Assert.That(await status.Task.WaitAsync(Live.Patience), Is.EqualTo(500));
    }

    [Test]
    public async Task SignalR_runs_on_it()
    {
        await using var web = await Serve(static app => app.MapHub<Echoing>("/echo"), configure: static builder => builder.Services.AddSignalR());
        await using var client = new HubConnectionBuilder().WithUrl(new Uri(web.Address, "echo")).Build();
        await client.StartAsync();
        Assert.That(await client.InvokeAsync<string>("Echo", "hello"), Is.EqualTo("hello"));
    }

    [TestCase("Production", 1)]
    [TestCase("Development", 3)]
    public async Task Who_develops_has_no_request_twice(string environment, int distinct)
    {
        var seen = new System.Collections.Concurrent.ConcurrentBag<HttpContext>();
        await using var web = await Serve(
            app => app.Run(context =>
            {
                seen.Add(context);
                return context.Response.WriteAsync("at once");
            }),
            configure: builder => builder.Environment.EnvironmentName = environment);
        using var client = await RawClient.Connect(web);
        for (var i = 0; i < 3; i++)
        {
            await client.Send("GET / HTTP/1.1\r\nHost: x\r\n\r\n");
            await client.Read("at once");
        }

        Assert.That(seen.Distinct(ReferenceEqualityComparer.Instance).Count(), Is.EqualTo(distinct));
    }

    [Test]
    public async Task Calls_that_block_are_allowed_by_the_server_or_the_request([Values] bool byServer)
    {
        var allowed = 0;
        await using var web = await Serve(app => app.MapPost("/", (HttpContext context) =>
        {
            var control = context.Features.Get<IHttpBodyControlFeature>()!;
            allowed += control.AllowSynchronousIO ? 1 : 0;
            control.AllowSynchronousIO = true;
            using var reader = new StreamReader(context.Request.Body);
            var text = reader.ReadToEnd();
            context.Response.ContentLength = text.Length;
            context.Response.Body.Write(System.Text.Encoding.ASCII.GetBytes(text));
        }), new() { AllowSynchronousIO = byServer });
        using var client = web.Client();
        for (var i = 0; i < 2; i++)
        {
            using var response = await client.PostAsync(Root, new StringContent("body"));
            Assert.That(await response.Content.ReadAsStringAsync(), Is.EqualTo("body"));
        }

        Assert.That(allowed, Is.EqualTo(byServer ? 2 : 0));
    }

    private static Uri Root { get; } = new("/", UriKind.Relative);

    private Task<WebOnHub> Serve(
        Action<WebApplication> map, DieselServerOptions? options = null, Action<WebApplicationBuilder>? configure = null, string url = "http://127.0.0.1:0") =>
        WebOnHub.Start((options ?? new()) with { Hub = _live.Hub }, map, configure, url);

    public sealed class Echoing : Microsoft.AspNetCore.SignalR.Hub
    {
        public string Echo(string text) => text;
    }

    private sealed class TemporaryCertificate : IDisposable
    {
        private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory();

        public TemporaryCertificate()
        {
            var certificate = TlsCertificate.SelfSigned("localhost").Certificate;
            System.IO.File.WriteAllText(File, certificate.ExportCertificatePem());
            using var key = System.Security.Cryptography.X509Certificates.ECDsaCertificateExtensions.GetECDsaPrivateKey(certificate)!;
            System.IO.File.WriteAllText(KeyFile, key.ExportPkcs8PrivateKeyPem());
        }

        public string File => Path.Combine(_folder.FullName, "certificate.pem");

        public string KeyFile => Path.Combine(_folder.FullName, "key.pem");

        public void Dispose() => _folder.Delete(recursive: true);
    }
}
