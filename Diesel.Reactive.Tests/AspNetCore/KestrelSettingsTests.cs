using System.Reactive.Threading.Tasks;
using Diesel.Reactive.AspNetCore;
using Diesel.Reactive.Testing;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.Configuration;

namespace Diesel.Reactive.Tests;

/// <summary><c>Kestrel:Limits</c> in the configuration, each of which holds here as well.</summary>
public class KestrelSettingsTests
{
    [TestCase("MaxRequestHeaderCount", "2", 431)]
    [TestCase("MaxRequestHeadersTotalSize", "20", 431)]
    [TestCase("MaxRequestLineSize", "30", 414)]
    [TestCase("MaxRequestBodySize", "4", 200)]
    public Task Of_heads(string setting, string value, int status) => Serve(setting, value, async (_, connection) =>
    {
        connection.OnNext("GET /a/path/of/some/length HTTP/1.1\r\nHost: x\r\nA: twenty characters\r\nB: b\r\n\r\n".ToBytes());
        Assert.That(await connection.Read(Framing.Lines()), Does.StartWith($"HTTP/1.1 {status}"));
    });

    [Test]
    public Task Of_the_time_a_head_takes() => Serve("RequestHeadersTimeout", "00:03:00", async (test, connection) =>
    {
        connection.OnNext("GET / HT".ToBytes());
        Assert.That(await connection.Read(Framing.Lines()), Does.StartWith("HTTP/1.1 408"));
        Assert.That(test.Scheduler.Elapsed, Is.EqualTo(TimeSpan.FromMinutes(3)).Within(TimeSpan.FromSeconds(1)));
    });

    [Test]
    public Task Of_the_time_between_two_requests() => Serve("KeepAliveTimeout", "00:05:00", async (test, connection) =>
    {
        connection.OnNext("GET / HTTP/1.1\r\nHost: x\r\n\r\n".ToBytes());
        Assert.That(await connection.Aggregate(0, static (count, chunk) => count + chunk.Length), Is.Positive);
        Assert.That(test.Scheduler.Elapsed, Is.EqualTo(TimeSpan.FromMinutes(5)).Within(TimeSpan.FromSeconds(1)));
    });

    [Test]
    public Task Of_connections_at_a_time() => Serve("MaxConcurrentConnections", "1", async (test, connection) =>
    {
        connection.OnNext("GET / HTTP/1.1\r\nHost: x\r\n\r\n".ToBytes());
        Assert.That(await connection.Read(Framing.Lines()), Does.StartWith("HTTP/1.1 200"));
        using var second = await Tcp.Connect(connection.RemoteEndPoint, hub: test.HubOn("server"));
        second.OnNext("GET / HTTP/1.1\r\nHost: x\r\n\r\n".ToBytes());
        var answer = second.Read(Framing.Lines()).ToTask();
        await test.HubOn("server").Sleep(TimeSpan.FromSeconds(1));
        Assert.That(answer.IsCompleted, Is.False, "There is one already.");
        connection.Dispose();
        Assert.That(await answer, Does.StartWith("HTTP/1.1 200"));
    });

    private static Task Serve(string setting, string value, Func<MarbleTest, Connection, Task> use) => MarbleTest.RunAsync(
        async test =>
        {
            await using var server = await DieselTestServer.Start(
                test.HubOn("server"),
                static app => app.MapGet("/{**path}", static () => "hello"),
                builder => builder.Configuration.AddInMemoryCollection([new($"Kestrel:Limits:{setting}", value)]),
                new() { RunsOnHub = true });
            using var connection = await Tcp.Connect("127.0.0.1", server.Address.Port, hub: test.HubOn("server"));
            await use(test, connection);
        });
}
