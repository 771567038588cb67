using System.Net;
using Diesel.Reactive.Protocols.Dns;

namespace Diesel.Reactive.Tests;

/// <summary>What names stand for, and for how long that is remembered (issue 15, lines 9 and 12).</summary>
public class DnsResolverTests
{
    private World _world = null!;
    private DnsStub _server = null!;
    private Resolver _resolver = null!;

    [SetUp]
    public void SetUp()
    {
        _world = new World();
        _server = new DnsStub(_world);
        _resolver = _server.Resolver();
    }

    [TearDown]
    public void TearDown()
    {
        _resolver.Dispose();
        _server.Dispose();
        _world.Dispose();
    }

    [Test]
    public void Asks_for_both_families_at_a_time()
    {
        _server.Script = heard => heard.Say(heard.Question.Type == DnsType.A ? heard.Reply("A 192.0.2.1", "A 192.0.2.2") : heard.Reply("AAAA 2001:db8::1"));
        Assert.That(Lookup("a.example"), Is.EqualTo("192.0.2.1 192.0.2.2 2001:db8::1"), "there is no way to IPv6 here");
        Assert.That(_server.Asked, Is.EqualTo(new[] { "AAAA a.example.", "A a.example." }));
    }

    [TestCase("192.0.2.7", "192.0.2.7")]
    [TestCase("2001:db8::7", "2001:db8::7")]
    [TestCase("localhost", "127.0.0.1 ::1")]
    [TestCase("any.localhost.", "127.0.0.1 ::1")]
    [TestCase("x.invalid", "NXDOMAIN")]
    [TestCase("printer.local", "NXDOMAIN")]
    public void Asks_nobody_for_what_is_known(string host, string addresses) =>
        Assert.That((Lookup(host), _server.Heard.Count), Is.EqualTo((addresses, 0)));

    [Test]
    public void Remembers_to_the_second()
    {
        Lookup("a.example");
        _world.Passes(299.5);
        Lookup("a.example");
        Assert.That(_server.Asked.Count(each => each == "A a.example."), Is.EqualTo(1));
        _world.Passes(0.6);
        Lookup("a.example");
        Assert.That(_server.Asked.Count(each => each == "A a.example."), Is.EqualTo(2));
    }

    [Test]
    public void Times_that_are_left_are_told()
    {
        Query("a.example", DnsType.A);
        _world.Passes(100);
        Assert.That(Query("a.example", DnsType.A).Last.Answers[0].TimeToLive.TotalSeconds, Is.EqualTo(200).Within(1));
    }

    [Test]
    public void A_time_of_zero_is_used_once()
    {
        _server.Script = heard => heard.Say(heard.Whole(DnsRecord.Parse("a.example. 0 A 192.0.2.1")));
        Query("a.example", DnsType.A);
        Query("a.example", DnsType.A);
        Assert.That((_server.Heard.Count, _resolver.Counts.Entries), Is.EqualTo((2, 0)));
    }

    [Test]
    public void The_least_time_of_a_set_counts()
    {
        _server.Script = heard => heard.Say(heard.Whole(DnsRecord.Parse("a.example. 300 A 192.0.2.1"), DnsRecord.Parse("a.example. 10 A 192.0.2.2")));
        Query("a.example", DnsType.A);
        _world.Passes(9);
        Query("a.example", DnsType.A);
        _world.Passes(1);
        Query("a.example", DnsType.A);
        Assert.That(_server.Heard, Has.Count.EqualTo(2));
    }

    [TestCase("604800")]
    [TestCase("2147483648")]
    [TestCase("4294967295")]
    public void A_time_that_is_too_long_is_the_longest(string seconds)
    {
        _server.Script = heard => heard.Say(heard.Whole(DnsRecord.Parse($"a.example. {seconds} A 192.0.2.1")));
        Query("a.example", DnsType.A);
        _world.Passes(86_399);
        Query("a.example", DnsType.A);
        _world.Passes(1);
        Query("a.example", DnsType.A);
        Assert.That(_server.Heard, Has.Count.EqualTo(2));
    }

    [TestCase(60, 30, 30)]
    [TestCase(30, 60, 30)]
    [TestCase(1_000_000, 1_000_000, 3 * 3600)]
    public void That_there_is_no_such_name_is_remembered_as_its_zone_says_and_for_all_types(int seconds, int minimum, int remembered)
    {
        _server.Script = heard => heard.Say(heard.None(DnsResponseCode.NameError, seconds, minimum));
        Query("a.example", DnsType.A);
        _world.Passes(remembered - 1);
        Assert.That(Query("a.example", DnsType.TXT).Last.ResponseCode, Is.EqualTo(DnsResponseCode.NameError));
        Assert.That(_server.Heard, Has.Count.EqualTo(1));
        _world.Passes(1);
        Query("a.example", DnsType.A);
        Assert.That(_server.Heard, Has.Count.EqualTo(2));
    }

    [Test]
    public void That_there_is_no_such_record_is_remembered_of_its_type()
    {
        _server.Script = heard => heard.Say(heard.None(DnsResponseCode.NoError));
        Query("a.example", DnsType.A);
        Query("a.example", DnsType.A);
        Query("a.example", DnsType.TXT);
        Assert.That(_server.Heard, Has.Count.EqualTo(2));
    }

    [Test]
    public void Without_a_SOA_it_is_not_remembered()
    {
        _server.Script = heard => heard.Say(heard.Fails(DnsResponseCode.NameError));
        Query("a.example", DnsType.A);
        Query("a.example", DnsType.A);
        Assert.That(_server.Heard, Has.Count.EqualTo(2));
    }

    [Test]
    public void Failures_are_remembered_longer_each_time()
    {
        _server.Script = heard => heard.Say(heard.Fails(DnsResponseCode.ServerFailure));
        var asked = new List<int>();
        foreach (var pause in (double[])[0, 0.9, 0.2, 1.9, 0.2, 3.9, 0.2])
        {
            _world.Passes(pause);
            Query("a.example", DnsType.A);
            asked.Add(_server.Heard.Count);
        }

        Assert.That(asked, Is.EqualTo(new[] { 1, 1, 2, 2, 3, 3, 4 }));
        _server.Script = heard => heard.Say(heard.Reply("A 192.0.2.1"));
        _world.Passes(8);
        Assert.That(Query("a.example", DnsType.A).Last.Answers, Has.Count.EqualTo(1));
    }

    [Test]
    public void What_is_too_old_is_given_by_option_only()
    {
        Query("a.example", DnsType.A);
        _server.Script = static _ => { };
        _world.Passes(301);
        var reply = Query("a.example", DnsType.A);
        _world.Passes(10);
        Assert.That(reply.Error, Is.InstanceOf<DnsException>());
    }

    [Test]
    public void Nobody_answers_and_what_is_old_is_given_after_a_while()
    {
        using var resolver = _server.Resolver(new() { StaleTime = TimeSpan.FromDays(1) });
        _world.Watch(resolver.Query("a.example", DnsType.A));
        _server.Script = static _ => { };
        _world.Passes(301);
        var reply = _world.Watch(resolver.Query("a.example", DnsType.A));
        _world.Passes(1.7);
        var before = reply.IsOver;
        _world.Passes(0.2);
        Assert.That((before, reply.Last.Answers[0].TimeToLive.TotalSeconds, resolver.Counts.Stale), Is.EqualTo((false, 30d, 1L)));
        _world.Passes(10);
        Assert.That(_world.Watch(resolver.Query("a.example", DnsType.A)).IsCompleted, "at once, as it is asked for anew every half a minute only");
        _server.Script = static heard => heard.Say(heard.Reply("A 192.0.2.9"));
        _world.Passes(30);
        Assert.That(((ARecord)_world.Watch(resolver.Query("a.example", DnsType.A)).Last.Answers[0]).Address.ToString(), Is.EqualTo("192.0.2.9"));
        _world.Passes(2 * 86_400);
        _server.Script = static heard => heard.Say(heard.Fails(DnsResponseCode.ServerFailure));
        Assert.That(_world.Watch(resolver.Query("a.example", DnsType.A)).Error, Is.InstanceOf<DnsException>(), "too old for that, too");
    }

    [Test]
    public void What_is_asked_for_shortly_before_its_time_is_over_is_asked_anew_by_option()
    {
        using var resolver = _server.Resolver(new() { Prefetches = true });
        _world.Watch(resolver.Query("a.example", DnsType.A));
        _world.Passes(280);
        _world.Watch(resolver.Query("a.example", DnsType.A));
        _world.Passes(200);
        Assert.That((_world.Watch(resolver.Query("a.example", DnsType.A)).IsCompleted, _server.Heard.Count), Is.EqualTo((true, 2)));
    }

    [Test]
    public void Many_callers_of_one_name_are_one_query_whoever_leaves()
    {
        var held = new List<DnsHeard>();
        _server.Script = held.Add;
        var callers = Enumerable.Range(0, Live.IsSoak ? 10_000 : 1000).Select(_ => Story.Of(_resolver.Query("a.example", DnsType.A))).ToArray();
        _world.Settle();
        callers[0].Subscription!.Dispose();
        callers[7].Subscription!.Dispose();
        _world.Settle();
        held.ForEach(heard => heard.Say(heard.Reply("A 192.0.2.1")));
        _world.Settle();
        Assert.That((held.Count, callers.Count(caller => caller.IsCompleted), callers[0].IsOver), Is.EqualTo((1, callers.Length - 2, false)));
    }

    [Test]
    public void All_leave_and_nothing_is_left()
    {
        _server.Script = static _ => { };
        var callers = Enumerable.Range(0, 100).Select(_ => _world.Watch(_resolver.Query("a.example", DnsType.A))).ToArray();
        Array.ForEach(callers, caller => caller.Subscription!.Dispose());
        _world.Settle();
        Assert.That((_resolver.Counts.Asking, _resolver.Core.Client.Running, _resolver.Counts.Entries), Is.EqualTo((0, 0, 0)));
    }

    [Test]
    public void Of_many_names_the_last_are_remembered()
    {
        using var resolver = _server.Resolver(new() { MaxEntries = 100 });
        for (var n = 0; n < (Live.IsSoak ? 100_000 : 1000); n++)
        {
            _world.Watch(resolver.Query($"n{n}.example", DnsType.A));
            _server.Heard.Clear();
        }

        Assert.That(resolver.Counts.Entries, Is.EqualTo(100));
        _world.Watch(resolver.Query(Live.IsSoak ? "n99999.example" : "n999.example", DnsType.A));
        Assert.That(_server.Heard, Is.Empty);
    }

    [Test]
    public void Forgets_when_told_to()
    {
        Query("a.example", DnsType.A);
        _resolver.Flush("a.example");
        Query("a.example", DnsType.A);
        Assert.That(_server.Heard, Has.Count.EqualTo(2));
        _resolver.Flush();
        Query("a.example", DnsType.A);
        Assert.That(_server.Heard, Has.Count.EqualTo(3));
    }

    [TestCase(16, true)]
    [TestCase(17, false)]
    public void A_chain_of_names_may_have_sixteen_links(int links, bool isFollowed)
    {
        _server.Script = heard => heard.Say(heard.Question.Type == DnsType.AAAA ? heard.None(DnsResponseCode.NoError) : heard.Whole(
        [
            .. Enumerable.Range(0, links).Select(n => DnsRecord.Parse($"n{n}.example. 300 CNAME n{n + 1}.example.")), DnsRecord.Parse($"n{links}.example. 300 A 192.0.2.1"),
        ]));
        var reply = Query("n0.example", DnsType.A);
        Assert.That((reply.IsCompleted, reply.Error is DnsException), Is.EqualTo((isFollowed, !isFollowed)));
    }

    [TestCase(16, true)]
    [TestCase(17, false)]
    public void Link_by_link_as_well(int links, bool isFollowed)
    {
        _server.Script = heard => heard.Say(heard.Question.Name == $"n{links}.example" ? heard.Reply("A 192.0.2.1")
            : heard.Reply($"CNAME n{int.Parse(heard.Question.Name.ToString()[1..].Split('.')[0]) + 1}.example."));
        var reply = Query("n0.example", DnsType.A);
        _world.Passes(1);
        Assert.That((reply.IsCompleted, reply.Error is DnsException), Is.EqualTo((isFollowed, !isFollowed)));
    }

    [Test]
    public void A_circle_of_names_is_an_error()
    {
        _server.Script = heard => heard.Say(heard.Reply(heard.Question.Name == "a.example" ? "CNAME b.example." : "CNAME a.example."));
        var reply = Query("a.example", DnsType.A);
        _world.Passes(0.1);
        Assert.That((((DnsException)reply.Error!).Message.Contains("circle", StringComparison.Ordinal), _server.Heard.Count), Is.EqualTo((true, 2)));
    }

    [Test]
    public void A_name_for_itself_is_an_error()
    {
        _server.Script = heard => heard.Say(heard.Reply($"CNAME {heard.Question.Name}"));
        Assert.That(Query("a.example", DnsType.A).Error, Is.InstanceOf<DnsException>());
    }

    [Test]
    public void Another_name_for_all_below_is_followed_without_the_servers_help()
    {
        _server.Script = heard => heard.Say(heard.Whole(DnsRecord.Parse("old.example. 300 DNAME new.example."), DnsRecord.Parse("a.b.new.example. 300 A 192.0.2.1")));
        Assert.That(Lookup("a.b.old.example"), Is.EqualTo("192.0.2.1"));
    }

    [Test]
    public void A_name_for_nothing_is_no_such_name()
    {
        _server.Script = heard => heard.Say(heard.None() with { Answers = [DnsRecord.Parse("a.example. 300 CNAME gone.example.")] });
        Assert.That((Lookup("a.example"), Lookup("a.example"), _server.Heard.Count), Is.EqualTo(("NXDOMAIN", "NXDOMAIN", 2)));
    }

    [Test]
    public void A_name_beside_data_gives_the_data()
    {
        _server.Script = heard => heard.Say(heard.Question.Type == DnsType.A ? heard.Reply("CNAME b.example.", "A 192.0.2.1") : heard.None(DnsResponseCode.NoError));
        Assert.That(Lookup("a.example"), Is.EqualTo("192.0.2.1"));
    }

    [Test]
    public void Records_of_names_that_nobody_asked_for_are_not_remembered()
    {
        _server.Script = heard => heard.Say(heard.Question.Name == "a.example" ? heard.Whole(DnsRecord.Parse("a.example. 300 A 192.0.2.1"), DnsRecord.Parse("bank.example. 300 A 203.0.113.66")) : heard.Reply("A 192.0.2.2"));
        Query("a.example", DnsType.A);
        Assert.That(((ARecord)Query("bank.example", DnsType.A).Last.Answers.Single()).Address.ToString(), Is.EqualTo("192.0.2.2"));
    }

    [Test]
    public void Mail_goes_by_preference()
    {
        _server.Script = heard => heard.Say(heard.Reply("MX 20 b.example.", "MX 10 a.example."));
        Assert.That(_world.Watch(_resolver.Mx("example")).Last.Select(mx => $"{mx.Exchange}"), Is.EqualTo(new[] { "a.example.", "b.example." }));
    }

    [Test]
    public void A_service_is_where_it_is_said_to_be_or_not_at_all()
    {
        _server.Script = heard => heard.Say(heard.Question.Name == "_a._tcp.example" ? heard.Reply("SRV 2 0 1 b.example.", "SRV 1 0 1 a.example.") : heard.Reply("SRV 0 0 0 ."));
        Assert.That(_world.Watch(_resolver.Srv("_a._tcp.example")).Last.Select(srv => $"{srv.Target}"), Is.EqualTo(new[] { "a.example.", "b.example." }));
        Assert.That(_world.Watch(_resolver.Srv("_b._tcp.example")).Last, Is.Empty);
    }

    [Test]
    public void Weights_are_shares()
    {
        var (random, firsts) = (new Random(5), new Dictionary<string, int>());
        SrvRecord[] records = [.. new[] { "1 0 1 z.", "1 10 1 a.", "1 30 1 b.", "2 99 1 c." }.Select(data => (SrvRecord)DnsRecord.Parse($"s.example. 1 SRV {data}"))];
        for (var n = 0; n < 41_000; n++)
        {
            var order = SrvOrder.Sort(records, random.Next);
            Assert.That(order[3].Target.ToString(), Is.EqualTo("c."));
            firsts[$"{order[0].Target}"] = firsts.GetValueOrDefault($"{order[0].Target}") + 1;
        }

        Assert.That((firsts["z."], firsts["a."], firsts["b."]), Is.EqualTo((1000, 10_000, 30_000)).Using<(int, int, int)>(
            static (left, right) => Math.Abs(left.Item1 - right.Item1) < 200 && Math.Abs(left.Item2 - right.Item2) < 500 && Math.Abs(left.Item3 - right.Item3) < 500));
    }

    [Test]
    public void Texts_names_and_zones()
    {
        _server.Script = heard => heard.Say(heard.Question.Type switch
        {
            DnsType.TXT => heard.Reply("TXT \"v=spf1 \" \"-all\"", "TXT other"),
            DnsType.PTR => heard.Reply("PTR host.example."),
            _ => heard.Reply("SOA ns.example. root.example. 7 2 3 4 5"),
        });
        Assert.That(_world.Watch(_resolver.Txt("example")).Last, Is.EqualTo(new[] { "v=spf1 -all", "other" }));
        Assert.That(_world.Watch(_resolver.Reverse(IPAddress.Parse("192.0.2.1"))).Last, Is.EqualTo(new[] { "host.example" }));
        Assert.That(_world.Watch(_resolver.Reverse(IPAddress.Parse("2001:db8::1"))).Last, Has.Count.EqualTo(1));
        Assert.That(_world.Watch(_resolver.Soa("example")).Last.Serial, Is.EqualTo(7));
        Assert.That(_server.Asked, Does.Contain("PTR 1.2.0.192.in-addr.arpa.").And.Contain("PTR 1.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.8.b.d.0.1.0.0.2.ip6.arpa."));
    }

    [Test]
    public void A_web_sites_alias_is_followed()
    {
        _server.Script = heard => heard.Say(heard.Question.Name == "example" ? heard.Reply("HTTPS 0 cdn.example.") : heard.Reply("HTTPS 2 . alpn=h2", "HTTPS 1 fast.example. alpn=h3 port=8443"));
        var records = _world.Watch(_resolver.Https("example")).Last;
        Assert.That((records[0].Priority, records[0].Alpn[0], records[0].Port, records[1].Target.IsRoot), Is.EqualTo((1, "h3", (ushort?)8443, true)));
    }

    [Test]
    public void Watching_tells_each_change()
    {
        var address = "192.0.2.1";
        _server.Script = heard => heard.Say(address == "" ? heard.None() : heard.Question.Type == DnsType.A ? heard.Whole(DnsRecord.Parse($"db.example. 30 A {address}")) : heard.None(DnsResponseCode.NoError));
        var told = new List<string>();
        using var watching = _resolver.Watch("db.example").Subscribe(addresses => told.Add(string.Join(' ', addresses)));
        _world.Passes(100);
        address = "192.0.2.2";
        _world.Passes(31);
        _server.Script = static _ => { };
        _world.Passes(60);
        address = "";
        _server.Script = heard => heard.Say(heard.None());
        _world.Passes(60);
        Assert.That(told, Is.EqualTo(new[] { "192.0.2.1", "192.0.2.2", "" }));
        watching.Dispose();
        var asked = _server.Heard.Count;
        _world.Passes(600);
        Assert.That(_server.Heard, Has.Count.EqualTo(asked));
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
        _server.Script = heard => heard.Say(heard.None());
        Lookup("gone.example");
        Assert.That(measured, Does.Contain("dns.question.name=measured.example").And.Contain("dns.question.name=gone.example error.type=NXDOMAIN"));

        static int Enable(System.Diagnostics.Metrics.MeterListener all, System.Diagnostics.Metrics.Instrument instrument)
        {
            all.EnableMeasurementEvents(instrument);
            return 1;
        }
    }

    private string Lookup(string host)
    {
        var story = _world.Watch(_resolver.Lookup(host));
        _world.Passes(0.1);
        return story.Error is DnsException error ? error.Code.Print() : string.Join(' ', story.Last);
    }

    private Story<DnsReply> Query(string name, DnsType type) => _world.Watch(_resolver.Query(name, type));
}
