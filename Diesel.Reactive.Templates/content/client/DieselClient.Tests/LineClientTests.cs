using System.Reactive.Concurrency;
using Diesel.Reactive;
using Diesel.Reactive.Testing;
using NUnit.Framework;

namespace DieselClient.Tests;

public class LineClientTests
{
    [Test]
    public Task Gets_the_answer() => MarbleTest.RunAsync(async t =>
    {
        Echo().Start(t.HubOn("server"));
        using var client = new LineClient("server", 4321, t.HubOn("client"));

        Assert.That(await client.Ask("hello"), Is.EqualTo("hello"));
    });

    [Test]
    public Task Waits_for_a_server_that_starts_later() => MarbleTest.RunAsync(async t =>
    {
        using var client = new LineClient("server", 4321, t.HubOn("client"));
        var answer = client.Ask("hello");
        t.Scheduler.Schedule(TimeSpan.FromSeconds(3), () => Echo().Start(t.HubOn("server")));

        Assert.That(await answer, Is.EqualTo("hello"));
    });

    private static TcpService Echo() => new(4321, connection => connection.UntilEol());
}
