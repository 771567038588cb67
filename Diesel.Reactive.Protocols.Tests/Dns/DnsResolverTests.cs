using Diesel.Reactive.Protocols.Dns;

namespace Diesel.Reactive.Tests;

/// <summary>Who asks whom, and how often.</summary>
public class DnsResolverTests : DnsResolverFixture
{
    [Test]
    public void Asks_for_both_families_at_a_time()
    {
        Server.Script = heard => heard.Say(heard.Question.Type == DnsType.A ? heard.Reply("A 192.0.2.1", "A 192.0.2.2") : heard.Reply("AAAA 2001:db8::1"));
        Assert.That(Lookup("a.example"), Is.EqualTo("192.0.2.1 192.0.2.2 2001:db8::1"), "there is no way to IPv6 here");
        Assert.That(Server.Asked, Is.EqualTo(new[] { "AAAA a.example.", "A a.example." }));
    }

    [TestCase("192.0.2.7", "192.0.2.7")]
    [TestCase("2001:db8::7", "2001:db8::7")]
    [TestCase("localhost", "127.0.0.1 ::1")]
    [TestCase("any.localhost.", "127.0.0.1 ::1")]
    [TestCase("x.invalid", "NXDOMAIN")]
    [TestCase("printer.local", "NXDOMAIN")]
    public void Asks_nobody_for_what_is_known(string host, string addresses) =>
        Assert.That((Lookup(host), Server.Heard.Count), Is.EqualTo((addresses, 0)));

    [Test]
    public void Many_callers_of_one_name_are_one_query_whoever_leaves()
    {
        var held = new List<DnsHeard>();
        Server.Script = held.Add;
        var callers = Enumerable.Range(0, Live.IsSoak ? 10_000 : 1000).Select(_ => Story.Of(Resolver.Query("a.example", DnsType.A))).ToArray();
        World.Settle();
        callers[0].Subscription!.Dispose();
        callers[7].Subscription!.Dispose();
        World.Settle();
        held.ForEach(heard => heard.Say(heard.Reply("A 192.0.2.1")));
        World.Settle();
        Assert.That((held.Count, callers.Count(caller => caller.IsCompleted), callers[0].IsOver), Is.EqualTo((1, callers.Length - 2, false)));
    }

    [Test]
    public void All_leave_and_nothing_is_left()
    {
        Server.Script = static _ => { };
        var callers = Enumerable.Range(0, 100).Select(_ => World.Watch(Resolver.Query("a.example", DnsType.A))).ToArray();
        Array.ForEach(callers, caller => caller.Subscription!.Dispose());
        World.Settle();
        Assert.That((Resolver.Counts.Asking, Resolver.Core.Client.Running, Resolver.Counts.Entries), Is.EqualTo((0, 0, 0)));
    }

    [Test]
    public void Watching_tells_each_change()
    {
        var address = "192.0.2.1";
        Server.Script = heard => heard.Say(address == "" ? heard.None() : heard.Question.Type == DnsType.A ? heard.Whole(DnsRecord.Parse($"db.example. 30 A {address}")) : heard.None(DnsResponseCode.NoError));
        var told = new List<string>();
        using var watching = Resolver.Watch("db.example").Subscribe(addresses => told.Add(string.Join(' ', addresses)));
        World.Passes(100);
        address = "192.0.2.2";
        World.Passes(31);
        Server.Script = static _ => { };
        World.Passes(60);
        address = "";
        Server.Script = heard => heard.Say(heard.None());
        World.Passes(60);
        Assert.That(told, Is.EqualTo(new[] { "192.0.2.1", "192.0.2.2", "" }));
        watching.Dispose();
        var asked = Server.Heard.Count;
        World.Passes(600);
        Assert.That(Server.Heard, Has.Count.EqualTo(asked));
    }

    [Test]
    public void How_long_a_lookup_took_is_measured()
    {
        var measured = new List<string>();
        using var listener = new System.Diagnostics.Metrics.MeterListener();
        listener.InstrumentPublished = (instrument, all) => _ = instrument.Name == "dns.lookup.duration" ? Enable(all, instrument) : 0;
        listener.SetMeasurementEventCallback<double>((_, _, tags, _) => measured.Add(string.Join(' ', tags.ToArray().Select(tag => $"{tag.Key}={tag.Value}"))));
        listener.Start();
        Lookup("measured.example");
        Server.Script = heard => heard.Say(heard.None());
        Lookup("gone.example");
        Assert.That(measured, Does.Contain("dns.question.name=measured.example").And.Contain("dns.question.name=gone.example error.type=NXDOMAIN"));

        static int Enable(System.Diagnostics.Metrics.MeterListener all, System.Diagnostics.Metrics.Instrument instrument)
        {
            all.EnableMeasurementEvents(instrument);
            return 1;
        }
    }
}
