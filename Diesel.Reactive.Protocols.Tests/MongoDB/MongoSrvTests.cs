using System.Net;
using Diesel.Reactive.Protocols.Dns;
using Diesel.Reactive.Protocols.MongoDB;
using Diesel.Reactive.Protocols.MongoDB.Testing;

namespace Diesel.Reactive.Tests;

/// <summary>Servers that the records of a name have (<c>mongodb+srv</c>), served by the DNS service of this library.</summary>
public class MongoSrvTests
{
    private const string Zone = """
        $ORIGIN example.test.
        $TTL 60
        @ IN SOA ns admin 1 3600 600 86400 60
        @ IN NS ns
        ns IN A 10.0.0.1
        a IN A 10.0.0.1
        b IN A 10.0.0.1
        _mongodb._tcp.one IN SRV 0 0 27018 a.example.test.
        one IN TXT "authSource=other&" "replicaSet=ignored"
        _mongodb._tcp.two IN SRV 5 9 27017 a.example.test.
        _mongodb._tcp.two IN SRV 1 0 27017 b.example.test.
        _mongodb._tcp.set IN SRV 0 0 27021 a.example.test.
        set IN TXT "replicaSet=rs"
        _mongodb._tcp.elsewhere IN SRV 0 0 27017 a.example.org.
        _mongodb._tcp.above IN SRV 0 0 27017 test.
        _mongodb._tcp.texts IN SRV 0 0 27017 a.example.test.
        texts IN TXT "replicaSet=rs"
        texts IN TXT "authSource=x"
        _mongodb._tcp.unknown IN SRV 0 0 27017 a.example.test.
        unknown IN TXT "connectTimeoutMS=1"
        _other._tcp.two IN SRV 0 0 27018 a.example.test.
        """;

    [TestCase("one.example.test", "?replicaSet=", "a.example.test:27018")]
    [TestCase("two.example.test", "", "a.example.test:27017 b.example.test:27017")]
    [TestCase("two.example.test", "?srvServiceName=other", "a.example.test:27018")]
    public void A_name_has_its_servers(string name, string options, string servers) => Assert.That(
        string.Join(' ', Found(name, options).Servers.Select(MongoEndPoint.Shown).Order()), Is.EqualTo(servers));

    [Test]
    public void Records_of_text_set_options()
    {
        var found = Found("one.example.test", "");
        Assert.That((found.Topology.ReplicaSet, found.Options.AuthSource, found.Options.Tls is not null, found.TimeToLive), Is.EqualTo(("ignored", "other", true, TimeSpan.FromSeconds(60))));
    }

    [Test]
    public void What_the_connection_string_says_holds()
    {
        var found = Found("one.example.test", "?replicaSet=mine&authSource=admin&tls=false");
        Assert.That((found.Topology.ReplicaSet, found.Options.AuthSource, found.Options.Tls), Is.EqualTo(("mine", "admin", (TlsOptions?)null)));
    }

    [Test]
    public void Some_of_the_servers_are_taken()
    {
        Assert.That(Found("two.example.test", "?srvMaxHosts=1").Servers, Has.Count.EqualTo(1));
        Assert.That(Found("two.example.test", "?srvMaxHosts=2").Servers, Has.Count.EqualTo(2));
    }

    [TestCase("elsewhere.example.test", "not within example.test")]
    [TestCase("above.example.test", "not within example.test")]
    [TestCase("texts.example.test", "2 records of text")]
    [TestCase("unknown.example.test", "connectTimeoutMS")]
    [TestCase("none.example.test", null)]
    public void Records_that_say_what_they_may_not(string name, string? text) =>
        Assert.That(() => Found(name, ""), text is null ? Throws.InstanceOf<Exception>() : Throws.ArgumentException.With.Message.Contains(text));

    [Test]
    public void A_client_finds_its_databases()
    {
        using var world = new World();
        using var resolver = Resolver(world);
        world.Hub.UseResolver(resolver);
        var alone = world.Starts(new MongoService(new IPEndPoint(World.Here, 27018), null, world.Hub));
        var set = new MongoReplicaSet([new IPEndPoint(World.Here, 27021), new IPEndPoint(World.Here, 27022)], hub: world.Hub);
        world.Do(() => set.Start(world.Hub));
        world.Play(async () =>
        {
            using (var one = new MongoClient("mongodb+srv://two.example.test/?tls=false&srvServiceName=other", new() { Resolver = resolver }, world.Hub))
            using (var two = new MongoClient("mongodb+srv://set.example.test/?tls=false", new() { Resolver = resolver }, world.Hub))
            {
                await one["db"]["test"].InsertOne(new { _id = 1 });
                await two["db"]["test"].InsertOne(new { _id = 2 });
                Assert.That(((await one["db"]["test"].Find().One())!["_id"].AsInt32, (await two["db"]["test"].Find().One())!["_id"].AsInt32), Is.EqualTo((1, 2)));
                Assert.That((await two.Topology.FirstAsync()).SetName, Is.EqualTo("rs"));
                using var wrong = new MongoClient("mongodb+srv://elsewhere.example.test/?tls=false", new() { Resolver = resolver }, world.Hub);
                Assert.That(await MongoPlay.ErrorOf(wrong["db"]["test"].Count()), Is.InstanceOf<ArgumentException>());
            }

            await alone.Stop();
            await set.Stop();
        });
    }

    private static Resolver Resolver(World world)
    {
        world.Starts(new DnsService(new IPEndPoint(World.Here, 53), DnsZone.Parse(Zone, "example.test"), hub: world.Hub));
        return new Resolver(new() { Server = $"{World.Here}", HostsFile = null, ResolvConfFile = null }, world.Hub);
    }

    private static (IReadOnlyCollection<EndPoint> Servers, MongoOptions Options, MongoTopologyOptions Topology, TimeSpan TimeToLive) Found(string name, string options)
    {
        using var world = new World();
        using var resolver = Resolver(world);
        var found = default((IReadOnlyCollection<EndPoint>, MongoOptions, MongoTopologyOptions, TimeSpan));
        var failure = (Exception?)null;
        world.Runs(async () =>
        {
            try
            {
                found = await new SrvSeeds(MongoConnectionString.Parse($"mongodb+srv://{name}/{options}", new() { Resolver = resolver }), world.Hub).Find();
            }
            catch (Exception error)
            {
                failure = error;
            }
        });
        world.Passes(60);
        return failure is null ? found : throw failure;
    }
}
