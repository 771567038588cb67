using System.Reactive;
using System.Reactive.Linq;
using Diesel.Reactive;
using Diesel.Reactive.Testing;
using NUnit.Framework;

namespace DieselProtocol.Tests;

public class StoreTests
{
    [Test]
    public Task Callers_that_ask_at_once_get_their_own_replies() => MarbleTest.RunAsync(async t =>
    {
        t.Network.Conditions = new() { Latency = TimeSpan.FromMilliseconds(10), Cut = Cut.Bytewise };
        new Store().Service(4321).Start(t.HubOn("server"));
        using var client = new StoreClient(await Tcp.Connect("server", 4321, hub: t.HubOn("client")));

        await client.Set("colour", "blue");
        var values = await Observable.Merge(
            client.Get("colour").Select(value => $"colour {value}"),
            client.Get("shape").Select(value => $"shape {value ?? "missing"}")).ToList();

        Assert.That(values, Is.EqualTo(new[] { "colour blue", "shape missing" }));
    });

    [Test]
    public void Everybody_is_told_whatever_happens_to_the_connection() => Simulation.Run(100, sim =>
    {
        sim.Network.Conditions = new() { Latency = Latency.Between(TimeSpan.Zero, TimeSpan.FromMilliseconds(50)), Cut = Cut.Random() };
        sim.Inject(FaultKind.Reset, "client", "server", within: TimeSpan.FromMilliseconds(300));
        new Store().Service(4321).Start(sim.HubOn("server"));

        var told = sim.Record("told", Tcp.Connect("server", 4321, hub: sim.HubOn("client"))
            .Select(connection => new StoreClient(connection))
            .SelectMany(client => Observable.Merge(Enumerable.Range(0, 20).Select(n => client.Set($"key {n}", "x").Materialize()))));
        sim.Until(() => told.IsCompleted || told.Error is not null, within: TimeSpan.FromSeconds(10));

        sim.Check(told.Error is not null || told.Values.Count(each => each.Kind != NotificationKind.OnCompleted) == 20, "each caller is told one thing");
    });
}
