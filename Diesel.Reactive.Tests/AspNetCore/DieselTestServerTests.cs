using System.Net;
using Diesel.Reactive.AspNetCore;
using Diesel.Reactive.Testing;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;

namespace Diesel.Reactive.Tests;

/// <summary>Applications in tests: in virtual time on a virtual network, and over sockets.</summary>
public class DieselTestServerTests
{
    [Test]
    public Task An_hour_of_the_application_passes_at_once() => MarbleTest.RunAsync(
        async test =>
        {
            await using var server = await DieselTestServer.Start(test.HubOn("server"), static app => app.MapGet("/", static async (TimeProvider time) =>
            {
                var before = time.GetUtcNow();
                await Task.Delay(TimeSpan.FromHours(1), time);
                return $"{(time.GetUtcNow() - before).TotalMinutes}";
            }));
            using var client = server.CreateClient(options: new() { Timeout = TimeSpan.FromHours(2) });
            Assert.That(await client.GetStringAsync(Root), Is.EqualTo("60"));
            Assert.That(test.Scheduler.Elapsed, Is.EqualTo(TimeSpan.FromHours(1)).Within(TimeSpan.FromSeconds(1)));
        });

    [Test]
    public async Task Its_port_is_free_when_it_is_disposed_of()
    {
        using var world = new World();
        for (var time = 0; time < 2; time++)
        {
            await using var server = await DieselTestServer.Start(world.Hub, static app => app.MapGet("/", static () => "hello"), options: new() { EndPoints = [new(new IPEndPoint(IPAddress.Loopback, 80))] });
        }
    }

    [Test]
    public Task It_is_asked_from_another_host() => MarbleTest.RunAsync(
        async test =>
        {
            await using var server = await DieselTestServer.Start(
                test.HubOn("server"),
                static app => app.MapPost("/", static async (HttpContext context) =>
                    $"{context.Connection.RemoteIpAddress} {await new StreamReader(context.Request.Body).ReadToEndAsync()}"),
                options: new() { RunsOnHub = true, EndPoints = [new(new IPEndPoint(IPAddress.Any, 80))] });
            using var client = server.CreateClient(test.HubOn("client"), "server");
            using var answer = await client.PostAsync(Root, new StringContent("hello"));
            Assert.That(await answer.Content.ReadAsStringAsync(), Does.Match(@"^10\.\S+ hello$"));
        });

    [Test]
    public Task A_limit_of_the_application_is_one_of_virtual_time() => MarbleTest.RunAsync(
        async test =>
        {
            await using var server = await DieselTestServer.Start(
                test.HubOn("server"),
                static app =>
                {
                    app.MapGet("/own", static async (TimeProvider time) =>
                    {
                        using var most = new CancellationTokenSource(TimeSpan.FromMinutes(10), time);
                        await Task.Delay(Timeout.InfiniteTimeSpan, time, most.Token).ContinueWith(static _ => { }, TaskScheduler.FromCurrentSynchronizationContext());
                        return "ten minutes";
                    });
                });
            using var client = server.CreateClient(options: new() { Timeout = TimeSpan.FromHours(1) });
            Assert.That(await client.GetStringAsync(new Uri("own", UriKind.Relative)), Is.EqualTo("ten minutes"));
            Assert.That(test.Scheduler.Elapsed, Is.EqualTo(TimeSpan.FromMinutes(10)).Within(TimeSpan.FromSeconds(1)));
        });

    [Test]
    public Task The_server_has_its_limits_in_virtual_time() => MarbleTest.RunAsync(
        async test =>
        {
            await using var server = await DieselTestServer.Start(test.HubOn("server"), static app => app.MapGet("/", static () => "hello"),
                options: new() { RunsOnHub = true, Http = new() { HeadTimeout = TimeSpan.FromMinutes(3) } });
            var hub = test.HubOn("server");
            using var slow = await Tcp.Connect("127.0.0.1", server.Address.Port, hub: hub);
            slow.OnNext("GET / HT"u8.ToArray());
            Assert.That(await slow.Read(Framing.Lines()), Does.StartWith("HTTP/1.1 408"));
            Assert.That(test.Scheduler.Elapsed, Is.EqualTo(TimeSpan.FromMinutes(3)).Within(TimeSpan.FromSeconds(1)));
        });

    [Test]
    public async Task Over_sockets_it_is_the_same_server()
    {
        using var live = new Live();
        await using var server = await DieselTestServer.Start(live.Hub, static app => app.MapGet("/", static (Hub hub) => hub.IsCurrent));
        using var client = server.CreateClient();
        Assert.That(await client.GetStringAsync(Root), Is.EqualTo("true"));
    }

    private static Uri Root { get; } = new("/", UriKind.Relative);
}
