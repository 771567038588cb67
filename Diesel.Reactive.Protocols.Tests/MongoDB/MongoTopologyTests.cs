using System.Net;
using Diesel.Reactive.Protocols.MongoDB;
using MongoDB.Bson;

namespace Diesel.Reactive.Tests;

/// <summary>What becomes of what is known of servers when one says something: events in, a description out; no clock, no connection.</summary>
public class MongoTopologyTests
{
    // Who says what: "a primary rs a,b election=1 version=1 wire=17 me=a"; "a lost".
    [TestCase("a", "a lost", "Unknown a:Unknown")]
    [TestCase("a", "a alone", "Single a:Standalone")]
    [TestCase("a", "a alone|a lost", "Single a:Unknown")]
    [TestCase("a", "a alone|a lost|a alone", "Single a:Standalone")]
    [TestCase("a,b", "a alone", "Unknown b:Unknown", TestName = "One by itself has no place among several")]
    [TestCase("a,b", "a alone|b alone", "Single b:Standalone")]
    [TestCase("a,b", "a router", "Sharded a:Router b:Unknown")]
    [TestCase("a,b", "a router|b router", "Sharded a:Router b:Router")]
    [TestCase("a,b", "a router|b alone", "Sharded a:Router")]
    [TestCase("a,b", "a router|b primary rs b", "Sharded a:Router")]
    [TestCase("a,b", "a router|b lost", "Sharded a:Router b:Unknown")]
    [TestCase("a", "a router|a lost|a router", "Sharded a:Router")]
    [TestCase("a", "a router|a alone", "Sharded")]
    [TestCase("a", "a ghost", "Unknown a:Ghost")]
    [TestCase("a,b", "a ghost|b primary rs a,b", "ReplicaSetWithPrimary rs a:Ghost b:Primary")]
    [TestCase("a", "a primary rs a", "ReplicaSetWithPrimary rs a:Primary")]
    [TestCase("a", "a primary rs a,b,c", "ReplicaSetWithPrimary rs a:Primary b:Unknown c:Unknown")]
    [TestCase("a,b", "a primary rs a,c", "ReplicaSetWithPrimary rs a:Primary c:Unknown", TestName = "Whom the primary does not name is no member")]
    [TestCase("a", "a secondary rs a,b", "ReplicaSetNoPrimary rs a:Secondary b:Unknown")]
    [TestCase("a", "a secondary rs a,b|b primary rs a,b", "ReplicaSetWithPrimary rs a:Secondary b:Primary")]
    [TestCase("a", "a arbiter rs a,b", "ReplicaSetNoPrimary rs a:Arbiter b:Unknown")]
    [TestCase("a", "a other rs a,b", "ReplicaSetNoPrimary rs a:Other b:Unknown")]
    [TestCase("a", "a hidden rs a,b", "ReplicaSetNoPrimary rs a:Other b:Unknown")]
    [TestCase("a,b", "a hidden rs a,b|b primary rs b,c", "ReplicaSetWithPrimary rs b:Primary c:Unknown")]
    [TestCase("a", "a primary rs a,b|a lost", "ReplicaSetNoPrimary rs a:Unknown b:Unknown")]
    [TestCase("a", "a primary rs a,b|a secondary rs a,b", "ReplicaSetNoPrimary rs a:Secondary b:Unknown")]
    [TestCase("a", "a primary rs a,b|b secondary rs a,b", "ReplicaSetWithPrimary rs a:Primary b:Secondary")]
    [TestCase("a", "a primary rs a,b|b secondary rs a,b,c", "ReplicaSetWithPrimary rs a:Primary b:Secondary", TestName = "With a primary its list alone counts")]
    [TestCase("a", "a primary rs a,b|a lost|b secondary rs a,b,c", "ReplicaSetNoPrimary rs a:Unknown b:Secondary c:Unknown")]
    [TestCase("a", "a primary rs a,b|b primary rs a,b", "ReplicaSetWithPrimary rs a:Unknown b:Primary", TestName = "Of two primaries the later is believed")]
    [TestCase("a", "a primary rs a,b|b alone", "ReplicaSetWithPrimary rs a:Primary")]
    [TestCase("a", "a primary rs a,b|b router", "ReplicaSetWithPrimary rs a:Primary")]
    [TestCase("a", "a primary rs a,b|a alone", "ReplicaSetNoPrimary rs b:Unknown")]
    [TestCase("a", "a primary rs a,b|b secondary other a,b", "ReplicaSetWithPrimary rs a:Primary")]
    [TestCase("a", "a primary rs a,b|a primary other a,b", "ReplicaSetNoPrimary rs b:Unknown")]
    [TestCase("a", "a primary rs a,b|b ghost", "ReplicaSetWithPrimary rs a:Primary b:Ghost")]
    [TestCase("a", "a primary rs a,b|a primary rs a", "ReplicaSetWithPrimary rs a:Primary", TestName = "Members leave")]
    [TestCase("a", "a primary rs a|a primary rs a,b", "ReplicaSetWithPrimary rs a:Primary b:Unknown", TestName = "Members come")]
    [TestCase("a", "a primary rs a,b|b primary rs b,c", "ReplicaSetWithPrimary rs b:Primary c:Unknown")]
    [TestCase("a", "a primary rs b,c", "ReplicaSetNoPrimary rs b:Unknown c:Unknown", TestName = "A primary that does not name itself is not where one believes")]
    [TestCase("a", "a secondary rs a,b me=b", "ReplicaSetNoPrimary rs b:Unknown", TestName = "A member that is called otherwise is asked by that name")]
    [TestCase("a", "a secondary rs a,b me=a", "ReplicaSetNoPrimary rs a:Secondary b:Unknown")]
    [TestCase("a", "a primary rs a,b|b secondary rs a,b me=c", "ReplicaSetWithPrimary rs a:Primary")]
    [TestCase("a,b?rs", "a lost", "ReplicaSetNoPrimary rs a:Unknown b:Unknown")]
    [TestCase("a,b?rs", "a alone", "ReplicaSetNoPrimary rs b:Unknown")]
    [TestCase("a?rs", "a alone", "ReplicaSetNoPrimary rs")]
    [TestCase("a,b?rs", "a router", "ReplicaSetNoPrimary rs b:Unknown")]
    [TestCase("a,b?rs", "a primary other a,b", "ReplicaSetNoPrimary rs b:Unknown")]
    [TestCase("a,b?rs", "a secondary other a,c", "ReplicaSetNoPrimary rs b:Unknown")]
    [TestCase("a?rs", "a primary rs a,b", "ReplicaSetWithPrimary rs a:Primary b:Unknown")]
    [TestCase("a!", "a alone", "Single a:Standalone")]
    [TestCase("a!", "a primary rs a,b", "Single a:Primary")]
    [TestCase("a!", "a secondary rs a,b", "Single a:Secondary")]
    [TestCase("a!", "a arbiter rs a,b", "Single a:Arbiter")]
    [TestCase("a!", "a router", "Single a:Router")]
    [TestCase("a!", "a ghost", "Single a:Ghost")]
    [TestCase("a!?rs", "a primary rs a,b", "Single rs a:Primary")]
    [TestCase("a!?rs", "a primary other a,b", "Single rs a:Unknown")]
    [TestCase("a!?rs", "a alone", "Single rs a:Unknown")]
    [TestCase("a", "z primary rs z", "Unknown a:Unknown", TestName = "Who does not belong to them says nothing")]
    public void A_server_says_something(string seeds, string told, string known) => Assert.That(Shown(Told(seeds, told)), Is.EqualTo(known));

    // Before MongoDB 6.0 the version of the configuration weighs more; from then on the election does.
    [TestCase("a primary rs a,b election=1 version=1|b primary rs a,b election=2 version=1", "ReplicaSetWithPrimary rs a:Unknown b:Primary")]
    [TestCase("a primary rs a,b election=2 version=1|b primary rs a,b election=1 version=1", "ReplicaSetWithPrimary rs a:Primary b:Unknown")]
    [TestCase("a primary rs a,b election=1 version=2|b primary rs a,b election=2 version=1", "ReplicaSetWithPrimary rs a:Primary b:Unknown")]
    [TestCase("a primary rs a,b election=2 version=1|b primary rs a,b election=1 version=2", "ReplicaSetWithPrimary rs a:Unknown b:Primary")]
    [TestCase("a primary rs a,b election=2 version=1|b primary rs a,b version=1", "ReplicaSetWithPrimary rs a:Unknown b:Primary")]
    [TestCase("a primary rs a,b election=2 version=1|a lost|b primary rs a,b election=1 version=1", "ReplicaSetNoPrimary rs a:Unknown b:Unknown")]
    [TestCase("a primary rs a,b election=2 version=1|a lost|b primary rs a,b election=1 version=1|a primary rs a,b election=2 version=1", "ReplicaSetWithPrimary rs a:Primary b:Unknown")]
    [TestCase("a primary rs a,b version=2|b primary rs a,b version=1", "ReplicaSetWithPrimary rs a:Unknown b:Primary")]
    [TestCase("a primary rs a,b election=1 version=2 wire=17|b primary rs a,b election=2 version=1 wire=17", "ReplicaSetWithPrimary rs a:Unknown b:Primary")]
    [TestCase("a primary rs a,b election=2 version=1 wire=17|b primary rs a,b election=1 version=2 wire=17", "ReplicaSetWithPrimary rs a:Primary b:Unknown")]
    [TestCase("a primary rs a,b election=1 version=1 wire=17|b primary rs a,b election=1 version=2 wire=17", "ReplicaSetWithPrimary rs a:Unknown b:Primary")]
    [TestCase("a primary rs a,b election=1 version=2 wire=17|b primary rs a,b election=1 version=1 wire=17", "ReplicaSetWithPrimary rs a:Primary b:Unknown")]
    [TestCase("a primary rs a,b election=1 version=1 wire=17|b primary rs a,b version=1 wire=17", "ReplicaSetWithPrimary rs a:Primary b:Unknown")]
    public void A_primary_that_was_deposed_is_recognised(string told, string known) => Assert.That(Shown(Told("a", told)), Is.EqualTo(known));

    [TestCase(1, 2, true)]
    [TestCase(2, 2, true)]
    [TestCase(3, 2, false)]
    public void What_was_said_earlier_is_not_believed_later(int first, int second, bool isBelieved)
    {
        var process = ObjectId.GenerateNewId();
        var topology = Told("a", "a alone").With(Numbered("a alone", process, first)).With(Numbered("a lost", process, second));
        Assert.That(topology.All[0].Kind, Is.EqualTo(isBelieved ? MongoServerKind.Unknown : MongoServerKind.Standalone));
    }

    [Test]
    public void Numbers_of_another_process_say_nothing()
    {
        var topology = Told("a", "a alone").With(Numbered("a alone", ObjectId.GenerateNewId(), 9)).With(Numbered("a lost", ObjectId.GenerateNewId(), 1));
        Assert.That(topology.All[0].Kind, Is.EqualTo(MongoServerKind.Unknown));
    }

    [TestCase("a primary rs a,b,c sessions=30|b secondary rs a,b,c sessions=20|c arbiter rs a,b,c", 20, TestName = "Sessions live as long as the most impatient server has it")]
    [TestCase("a primary rs a,b sessions=30|b secondary rs a,b", null)]
    [TestCase("a primary rs a,b sessions=30", 30)]
    [TestCase("a lost", null)]
    public void Sessions(string told, int? minutes) => Assert.That(Told("a", told).SessionTimeout?.TotalMinutes, Is.EqualTo(minutes));

    [TestCase("a alone wire=7", "4.2")]
    [TestCase("a alone wire=99 least=98", "newest")]
    [TestCase("a alone wire=8", null)]
    [TestCase("a alone wire=99 least=0", null)]
    public void Servers_that_are_too_old_or_too_new(string told, string? trouble) => Assert.That(Told("a", told).Trouble, trouble is null ? Is.Null : Does.Contain(trouble));

    [Test]
    public void A_balancer_stays_what_it_is() =>
        Assert.That(Shown(MongoTopology.Of([new DnsEndPoint("a", 27017)], new() { IsLoadBalanced = true }).With(Said("a alone"))), Is.EqualTo("LoadBalanced a:Balancer"));

    [TestCase("a:1", "a:1")]
    [TestCase("A", "a:27017")]
    [TestCase("[::1]:7", "::1:7")]
    [TestCase("[::1]", "::1:27017")]
    [TestCase("a:0", null)]
    [TestCase("a:x", null)]
    [TestCase("", null)]
    public void Servers_name_one_another(string text, string? endPoint) => Assert.That(MongoEndPoint.Parse(text) is { } found ? MongoEndPoint.Shown(found) : null, Is.EqualTo(endPoint));

    /// <summary>What is known when servers have said something.</summary>
    internal static MongoTopology Told(string seeds, string told)
    {
        var (servers, set) = (seeds.Split('?')[0], seeds.Contains('?') ? seeds.Split('?')[1] : null);
        var topology = MongoTopology.Of(
            servers.TrimEnd('!').Split(',').Select(static each => MongoEndPoint.Parse(each)!), new() { ReplicaSet = set, IsDirect = servers.EndsWith('!') ? true : null });
        return told.Split('|').Aggregate(topology, static (known, said) => known.With(Said(said)));
    }

    internal static MongoServerDescription Said(string said)
    {
        var words = said.Split(' ');
        var server = MongoEndPoint.Parse(words[0])!;
        if (words[1] == "lost")
        {
            return MongoServerDescription.Lost(server, new ConnectionException("lost", server));
        }

        var plain = words.Skip(2).Where(static word => !word.Contains('=')).ToArray();
        var named = words.Skip(2).Where(static word => word.Contains('=')).ToDictionary(static word => word.Split('=')[0], static word => word.Split('=')[1]);
        var hello = new BsonDocument
        {
            { "ok", 1 }, { "ismaster", words[1] is "primary" or "alone" or "router" }, { "secondary", words[1] is "secondary" or "hidden" }, { "arbiterOnly", words[1] == "arbiter" }, { "hidden", words[1] == "hidden" },
            { "isreplicaset", true, words[1] == "ghost" }, { "msg", "isdbgrid", words[1] == "router" }, { "maxWireVersion", int.Parse(named.GetValueOrDefault("wire", "9")) }, { "minWireVersion", int.Parse(named.GetValueOrDefault("least", "0")) },
            { "setName", () => plain[0], plain.Length > 0 }, { "hosts", () => new BsonArray(plain[1].Split(',').Select(static host => $"{host}:27017")), plain.Length > 1 },
            { "electionId", () => new ObjectId($"{int.Parse(named["election"]):x24}"), named.ContainsKey("election") }, { "setVersion", () => int.Parse(named["version"]), named.ContainsKey("version") },
            { "me", () => $"{named["me"]}:27017", named.ContainsKey("me") }, { "logicalSessionTimeoutMinutes", () => int.Parse(named["sessions"]), named.ContainsKey("sessions") },
            { "tags", () => new BsonDocument(named["tags"].Split(',').Select(static tag => new BsonElement(tag.Split(':')[0], tag.Split(':')[1]))), named.ContainsKey("tags") },
        };
        var description = MongoServerDescription.Of(server, hello);
        return description with
        {
            RoundTrip = TimeSpan.FromMilliseconds(int.Parse(named.GetValueOrDefault("ms", "0"))),
            LastWrite = named.TryGetValue("write", out var write) ? DateTime.UnixEpoch.AddSeconds(int.Parse(write)) : null,
            At = TimeSpan.FromSeconds(int.Parse(named.GetValueOrDefault("at", "0"))),
        };
    }

    private static MongoServerDescription Numbered(string said, ObjectId process, int counter) => Said(said) with { Version = new(process, counter) };

    private static string Shown(MongoTopology topology) =>
        $"{topology.Kind} {topology.SetName} {string.Join(' ', topology.All.Select(static each => $"{((DnsEndPoint)each.Server).Host}:{each.Kind}"))}".Replace("  ", " ").Trim();
}
