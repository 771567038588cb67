using Diesel.Reactive;
using Diesel.Reactive.Testing;
using NUnit.Framework;

namespace DieselService.Tests;

public class ShoutServiceTests
{
    [Test]
    public Task Answers_in_capitals_however_the_line_is_cut() => MarbleTest.RunAsync(async t =>
    {
        t.Network.Conditions = new() { Latency = TimeSpan.FromMilliseconds(10), Cut = Cut.Bytewise };
        ShoutService.On(port: 4321).Start(t.HubOn("server"));

        using var connection = await Tcp.Connect("server", 4321, hub: t.HubOn("client"));
        connection.OnNext("hello\r\n".ToBytes());

        Assert.That(await connection.Read(Framing.Lines()), Is.EqualTo("HELLO"));
        Assert.That(t.Scheduler.Elapsed, Is.EqualTo(TimeSpan.FromMilliseconds(40)), "twice there and back");
    });
}
