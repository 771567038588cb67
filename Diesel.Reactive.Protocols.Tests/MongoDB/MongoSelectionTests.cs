using System.Net;
using Diesel.Reactive.Protocols.MongoDB;

namespace Diesel.Reactive.Tests;

/// <summary>Which servers a call may go to.</summary>
public class MongoSelectionTests
{
    private const string Set = "p primary rs p,s,t ms=10 tags=dc:ny|s secondary rs p,s,t ms=12 tags=dc:ny,disk:ssd|t secondary rs p,s,t ms=20 tags=dc:sf";
    private const string Leaderless = "s secondary rs p,s,t tags=dc:ny|t secondary rs p,s,t tags=dc:sf";

    [TestCase("p", "p lost", null, "")]
    [TestCase("p", "p lost", "nearest", "")]
    [TestCase("p", "p alone", null, "p")]
    [TestCase("p", "p alone", "secondary", "p", TestName = "One server is taken whatever is wanted")]
    [TestCase("p", "p alone|p lost", null, "")]
    [TestCase("p!", "p secondary rs p,s", null, "p")]
    [TestCase("p!", "p secondary rs p,s", "primary", "p")]
    [TestCase("p!", "p arbiter rs p,s", "nearest", "p")]
    [TestCase("p,q", "p router|q router", null, "p q")]
    [TestCase("p,q", "p router|q router", "secondary", "p q")]
    [TestCase("p,q", "p router ms=1|q router ms=99", null, "p")]
    [TestCase("p,q", "p router|q lost", null, "p")]
    [TestCase("p", Set, null, "p")]
    [TestCase("p", Set, "primary", "p")]
    [TestCase("p", Set, "primaryPreferred", "p")]
    [TestCase("p", Set, "secondary", "s t")]
    [TestCase("p", Set, "secondaryPreferred", "s t")]
    [TestCase("p", Set, "nearest", "p s t")]
    [TestCase("s", Leaderless, null, "")]
    [TestCase("s", Leaderless, "primary", "")]
    [TestCase("s", Leaderless, "primaryPreferred", "s t")]
    [TestCase("s", Leaderless, "secondary", "s t")]
    [TestCase("s", Leaderless, "secondaryPreferred", "s t")]
    [TestCase("s", Leaderless, "nearest", "s t")]
    [TestCase("p", "p primary rs p,s", "secondary", "")]
    [TestCase("p", "p primary rs p,s", "secondaryPreferred", "p")]
    [TestCase("p", "p primary rs p,s", "nearest", "p")]
    [TestCase("p", "p primary rs p,a,h,g|a arbiter rs p,a|h hidden rs p,h|g ghost", "secondary", "")]
    [TestCase("p", "p primary rs p,a,h|a arbiter rs p,a|h hidden rs p,h", "nearest", "p")]
    [TestCase("p", Set, "secondary dc:ny", "s")]
    [TestCase("p", Set, "secondary dc:sf", "t")]
    [TestCase("p", Set, "secondary dc:la", "")]
    [TestCase("p", Set, "secondary dc:la;dc:sf", "t", TestName = "The first tags that fit anybody count")]
    [TestCase("p", Set, "secondary dc:ny;dc:sf", "s")]
    [TestCase("p", Set, "secondary dc:ny,disk:ssd", "s")]
    [TestCase("p", Set, "secondary dc:sf,disk:ssd", "")]
    [TestCase("p", Set, "secondary dc:la;*", "s t", TestName = "No tags at all fit everybody")]
    [TestCase("p", Set, "secondaryPreferred dc:la", "p")]
    [TestCase("p", Set, "primaryPreferred dc:la", "p")]
    [TestCase("s", Leaderless, "primaryPreferred dc:sf", "t")]
    [TestCase("p", Set, "nearest dc:ny", "p s")]
    [TestCase("p", Set, "nearest dc:la", "")]
    [TestCase("p", "p primary rs p,s,t ms=1|s secondary rs p,s,t ms=16|t secondary rs p,s,t ms=17", "nearest", "p s", TestName = "About as near is 15 ms")]
    [TestCase("p", "p primary rs p,s,t ms=1|s secondary rs p,s,t ms=100|t secondary rs p,s,t ms=110", "secondary", "s t")]
    [TestCase("p", "p primary rs p,s,t write=1000|s secondary rs p,s,t write=890|t secondary rs p,s,t write=889", "secondary <120", "s", TestName = "Staleness against the primary, with the heartbeat on top")]
    [TestCase("p", "p primary rs p,s,t write=1000 at=100|s secondary rs p,s,t write=890 at=110|t secondary rs p,s,t write=900 at=110", "secondary <120", "t", TestName = "Staleness grows with the time since it was told")]
    [TestCase("s", "s secondary rs p,s,t write=1000|t secondary rs p,s,t write=880", "secondary <120", "s", TestName = "Staleness without a primary is against the freshest")]
    [TestCase("s", "s secondary rs p,s,t write=1000|t secondary rs p,s,t write=890", "nearest <120", "s t")]
    [TestCase("p", "p primary rs p,s write=1000|s secondary rs p,s write=1", "secondaryPreferred <90", "p")]
    [TestCase("p", "p primary rs p,s write=1000|s secondary rs p,s write=1", "nearest <90", "p")]
    public void Suits(string seeds, string told, string? wanted, string found) =>
        Assert.That(Found(MongoTopologyTests.Told(seeds, told), wanted), Is.EqualTo(found));

    [Test]
    public void A_staleness_that_cannot_be_told_is_an_error() =>
        Assert.That(() => ServerSelection.Candidates(MongoTopologyTests.Told("p", Set), Preference("secondary <19"), new()), Throws.ArgumentException);

    [TestCase("p router|q router", "p", "q")]
    [TestCase("p router|q lost", "p", "p", TestName = "The only one is taken all the same")]
    public void Routers_that_have_just_failed_are_shunned(string told, string shunned, string found) => Assert.That(
        string.Join(' ', ServerSelection.Candidates(MongoTopologyTests.Told("p,q", told), null, new(), [MongoEndPoint.Parse(shunned)!]).Select(static each => ((DnsEndPoint)each.Server).Host)), Is.EqualTo(found));

    [Test]
    public void How_near_is_near_is_said() =>
        Assert.That(ServerSelection.Candidates(MongoTopologyTests.Told("p", Set), Preference("nearest"), new() { LocalThreshold = TimeSpan.Zero }), Has.Length.EqualTo(1));

    [Test]
    public void A_balancer_is_all_there_is() =>
        Assert.That(ServerSelection.Candidates(MongoTopology.Of([new DnsEndPoint("a", 1)], new() { IsLoadBalanced = true }), Preference("secondary"), new()), Has.Length.EqualTo(1));

    [Test]
    public void The_latest_way_weighs_a_fifth()
    {
        var trips = new RoundTrips();
        Assert.That(trips.Average, Is.Null);
        trips.Add(TimeSpan.FromMilliseconds(100));
        trips.Add(TimeSpan.FromMilliseconds(200));
        Assert.That((trips.Average, trips.Least), Is.EqualTo(((TimeSpan?)TimeSpan.FromMilliseconds(120), TimeSpan.FromMilliseconds(100))));
    }

    private static ReadPreference? Preference(string? wanted)
    {
        if (wanted is null)
        {
            return null;
        }

        var words = wanted.Split(' ');
        var more = words.Length > 1 ? words[1] : "";
        return new(
            Enum.Parse<ReadMode>(words[0], ignoreCase: true),
            more.Contains(':') ? [.. more.Split(';').Select(static set => (IReadOnlyDictionary<string, string>)(set == "*" ? [] : set.Split(',').ToDictionary(static tag => tag.Split(':')[0], static tag => tag.Split(':')[1])))] : null,
            more.StartsWith('<') ? TimeSpan.FromSeconds(int.Parse(more[1..])) : null);
    }

    private static string Found(MongoTopology topology, string? wanted) => string.Join(' ', ServerSelection.Candidates(
        topology, Preference(wanted), new()).Select(static each => ((DnsEndPoint)each.Server).Host));
}
