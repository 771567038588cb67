using Diesel.Reactive.Protocols.Dns;

namespace Diesel.Reactive.Tests;

/// <summary>What is remembered, and for how long.</summary>
public class DnsCacheTests : DnsResolverFixture
{
    [Test]
    public void Remembers_to_the_second()
    {
        Lookup("a.example");
        World.Passes(299.5);
        Lookup("a.example");
        Assert.That(Server.Asked.Count(each => each == "A a.example."), Is.EqualTo(1));
        World.Passes(0.6);
        Lookup("a.example");
        Assert.That(Server.Asked.Count(each => each == "A a.example."), Is.EqualTo(2));
    }

    [Test]
    public void Times_that_are_left_are_told()
    {
        Query("a.example", DnsType.A);
        World.Passes(100);
        Assert.That(Query("a.example", DnsType.A).Last.Answers[0].TimeToLive.TotalSeconds, Is.EqualTo(200).Within(1));
    }

    [Test]
    public void A_time_of_zero_is_used_once()
    {
        Server.Script = heard => heard.Say(heard.Whole(DnsRecord.Parse("a.example. 0 A 192.0.2.1")));
        Query("a.example", DnsType.A);
        Query("a.example", DnsType.A);
        Assert.That((Server.Heard.Count, Resolver.Counts.Entries), Is.EqualTo((2, 0)));
    }

    [Test]
    public void The_least_time_of_a_set_counts()
    {
        Server.Script = heard => heard.Say(heard.Whole(DnsRecord.Parse("a.example. 300 A 192.0.2.1"), DnsRecord.Parse("a.example. 10 A 192.0.2.2")));
        Query("a.example", DnsType.A);
        World.Passes(9);
        Query("a.example", DnsType.A);
        World.Passes(1);
        Query("a.example", DnsType.A);
        Assert.That(Server.Heard, Has.Count.EqualTo(2));
    }

    [TestCase("604800")]
    [TestCase("2147483648")]
    [TestCase("4294967295")]
    public void A_time_that_is_too_long_is_the_longest(string seconds)
    {
        Server.Script = heard => heard.Say(heard.Whole(DnsRecord.Parse($"a.example. {seconds} A 192.0.2.1")));
        Query("a.example", DnsType.A);
        World.Passes(86_399);
        Query("a.example", DnsType.A);
        World.Passes(1);
        Query("a.example", DnsType.A);
        Assert.That(Server.Heard, Has.Count.EqualTo(2));
    }

    [TestCase(60, 30, 30)]
    [TestCase(30, 60, 30)]
    [TestCase(1_000_000, 1_000_000, 3 * 3600)]
    public void That_there_is_no_such_name_is_remembered_as_its_zone_says_and_for_all_types(int seconds, int minimum, int remembered)
    {
        Server.Script = heard => heard.Say(heard.None(DnsResponseCode.NameError, seconds, minimum));
        Query("a.example", DnsType.A);
        World.Passes(remembered - 1);
        Assert.That(Query("a.example", DnsType.TXT).Last.ResponseCode, Is.EqualTo(DnsResponseCode.NameError));
        Assert.That(Server.Heard, Has.Count.EqualTo(1));
        World.Passes(1);
        Query("a.example", DnsType.A);
        Assert.That(Server.Heard, Has.Count.EqualTo(2));
    }

    [Test]
    public void That_there_is_no_such_record_is_remembered_of_its_type()
    {
        Server.Script = heard => heard.Say(heard.None(DnsResponseCode.NoError));
        Query("a.example", DnsType.A);
        Query("a.example", DnsType.A);
        Query("a.example", DnsType.TXT);
        Assert.That(Server.Heard, Has.Count.EqualTo(2));
    }

    [Test]
    public void Without_a_SOA_it_is_not_remembered()
    {
        Server.Script = heard => heard.Say(heard.Fails(DnsResponseCode.NameError));
        Query("a.example", DnsType.A);
        Query("a.example", DnsType.A);
        Assert.That(Server.Heard, Has.Count.EqualTo(2));
    }

    [Test]
    public void Failures_are_remembered_longer_each_time()
    {
        Server.Script = heard => heard.Say(heard.Fails(DnsResponseCode.ServerFailure));
        var asked = new List<int>();
        foreach (var pause in (double[])[0, 0.9, 0.2, 1.9, 0.2, 3.9, 0.2])
        {
            World.Passes(pause);
            Query("a.example", DnsType.A);
            asked.Add(Server.Heard.Count);
        }

        Assert.That(asked, Is.EqualTo(new[] { 1, 1, 2, 2, 3, 3, 4 }));
        Server.Script = heard => heard.Say(heard.Reply("A 192.0.2.1"));
        World.Passes(8);
        Assert.That(Query("a.example", DnsType.A).Last.Answers, Has.Count.EqualTo(1));
    }

    [Test]
    public void What_is_too_old_is_given_by_option_only()
    {
        Query("a.example", DnsType.A);
        Server.Script = static _ => { };
        World.Passes(301);
        var reply = Query("a.example", DnsType.A);
        World.Passes(10);
        Assert.That(reply.Error, Is.InstanceOf<DnsException>());
    }

    // The moment it ends belongs to what comes after: nobody waits there for a server that is to save what was.
    [Test]
    public void In_the_moment_its_time_is_over_it_is_too_old()
    {
        Query("a.example", DnsType.A);
        Server.Script = static _ => { };
        World.Passes(300);
        var reply = Query("a.example", DnsType.A);
        World.Passes(30);
        Assert.That((reply.Error is DnsException, Resolver.Counts.Stale), Is.EqualTo((true, 0L)), $"{reply}");
        var cache = new DnsCache(new ResolverOptions());
        cache.Put(Known(DnsType.A, DnsResponseCode.NoError, 10));
        Assert.That((cache.Find("a.example", DnsType.A, TimeSpan.FromSeconds(9.9)) is null, cache.Find("a.example", DnsType.A, TimeSpan.FromSeconds(10)) is null), Is.EqualTo((false, true)));
    }

    // Who awaits is told without a turn what holds: that is looked for in another way.
    [TestCase(9.9, true)]
    [TestCase(10, false)]
    public void Who_awaits_is_told_nothing_whose_time_is_over(double seconds, bool isTold)
    {
        var cache = new DnsCache(new ResolverOptions());
        var record = DnsRecord.Parse("a.example. 10 A 192.0.2.1");
        cache.Put(new CacheEntry(new(record.Name, record.Type)) { Records = [record], TimeToLive = record.TimeToLive, Expires = record.TimeToLive });
        Assert.That(cache.Peek(new(record.Name, record.Type), TimeSpan.FromSeconds(seconds)) is not null, Is.EqualTo(isTold));
    }

    // Within a second of it all have one reply; afterwards there is another.
    [Test]
    public void Who_awaits_is_told_the_time_that_is_left()
    {
        double Told() => World.Do(() => Resolver.Query("a.example", DnsType.A).GetAwaiter().GetResult().Answers[0].TimeToLive.TotalSeconds);
        Query("a.example", DnsType.A);
        var times = new List<double>();
        foreach (var pause in (double[])[0, 0.5, 0.6, 99])
        {
            World.Passes(pause);
            times.Add(Told());
        }

        Assert.That(times, Is.EqualTo(new[] { 300d, 300, 299, 200 }));
    }

    [Test]
    public void A_record_that_comes_by_another_name_ends_that_there_is_no_such_name()
    {
        Server.Script = heard => heard.Say(
            heard.Question.Name == "b.example" ? heard.Whole(DnsRecord.Parse("b.example. 300 CNAME gone.example."), DnsRecord.Parse("gone.example. 10 A 192.0.2.1"))
            : heard.Question.Type == DnsType.TXT ? heard.Reply("TXT \"here\"")
            : Server.Heard.Count < 3 ? heard.None(seconds: 600, minimum: 600) : heard.Reply("A 192.0.2.2"));
        Assert.That(Query("gone.example", DnsType.A).Last.ResponseCode, Is.EqualTo(DnsResponseCode.NameError));
        Assert.That(Query("b.example", DnsType.A).Last.Answers, Has.Count.EqualTo(2));
        Assert.That(Query("gone.example", DnsType.TXT).Last.Answers, Has.Count.EqualTo(1), "Of other types it is not known any more that there is none.");
        World.Passes(11);
        Assert.That(Query("gone.example", DnsType.A).Last.Answers, Has.Count.EqualTo(1), "Nor is it when the record's time is over.");
    }

    [Test]
    public void A_failure_does_not_end_that_there_is_no_such_name()
    {
        var cache = new DnsCache(new ResolverOptions());
        cache.Put(Known(DnsType.None, DnsResponseCode.NameError, 600));
        cache.Put(new CacheEntry(new("a.example", DnsType.TXT)) { Failure = new DnsException("no", DnsResponseCode.ServerFailure), TimeToLive = TimeSpan.FromSeconds(1), Expires = TimeSpan.FromSeconds(1) });
        Assert.That(cache.Find("a.example", DnsType.A, TimeSpan.Zero)?.Code, Is.EqualTo(DnsResponseCode.NameError));
        cache.Put(Known(DnsType.MX, DnsResponseCode.NoError, 10));
        Assert.That(cache.Find("a.example", DnsType.A, TimeSpan.Zero), Is.Null);
    }

    private static CacheEntry Known(DnsType type, DnsResponseCode code, int seconds) =>
        new(new("a.example", type)) { Code = code, TimeToLive = TimeSpan.FromSeconds(seconds), Expires = TimeSpan.FromSeconds(seconds) };

    [Test]
    public void Nobody_answers_and_what_is_old_is_given_after_a_while()
    {
        using var resolver = Server.Resolver(new() { StaleTime = TimeSpan.FromDays(1) });
        World.Watch(resolver.Query("a.example", DnsType.A));
        Server.Script = static _ => { };
        World.Passes(301);
        var reply = World.Watch(resolver.Query("a.example", DnsType.A));
        World.Passes(1.7);
        var before = reply.IsOver;
        World.Passes(0.2);
        Assert.That((before, reply.Last.Answers[0].TimeToLive.TotalSeconds, resolver.Counts.Stale), Is.EqualTo((false, 30d, 1L)));
        World.Passes(10);
        Assert.That(World.Watch(resolver.Query("a.example", DnsType.A)).IsCompleted, "at once, as it is asked for anew every half a minute only");
        Server.Script = static heard => heard.Say(heard.Reply("A 192.0.2.9"));
        World.Passes(30);
        Assert.That(((ARecord)World.Watch(resolver.Query("a.example", DnsType.A)).Last.Answers[0]).Address.ToString(), Is.EqualTo("192.0.2.9"));
        World.Passes(2 * 86_400);
        Server.Script = static heard => heard.Say(heard.Fails(DnsResponseCode.ServerFailure));
        Assert.That(World.Watch(resolver.Query("a.example", DnsType.A)).Error, Is.InstanceOf<DnsException>(), "too old for that, too");
    }

    [Test]
    public void What_is_asked_for_shortly_before_its_time_is_over_is_asked_anew_by_option()
    {
        using var resolver = Server.Resolver(new() { Prefetches = true });
        World.Watch(resolver.Query("a.example", DnsType.A));
        World.Passes(280);
        World.Watch(resolver.Query("a.example", DnsType.A));
        World.Passes(200);
        Assert.That((World.Watch(resolver.Query("a.example", DnsType.A)).IsCompleted, Server.Heard.Count), Is.EqualTo((true, 2)));
    }

    [Test]
    public void Of_many_names_the_last_are_remembered()
    {
        using var resolver = Server.Resolver(new() { MaxEntries = 100 });
        for (var n = 0; n < (Live.IsSoak ? 100_000 : 1000); n++)
        {
            World.Watch(resolver.Query($"n{n}.example", DnsType.A));
            Server.Heard.Clear();
        }

        Assert.That(resolver.Counts.Entries, Is.EqualTo(100));
        World.Watch(resolver.Query(Live.IsSoak ? "n99999.example" : "n999.example", DnsType.A));
        Assert.That(Server.Heard, Is.Empty);
    }

    [Test]
    public void Memory_is_bounded_whatever_names_come()
    {
        var cache = new DnsCache(new ResolverOptions());
        var (random, most, before) = (new Random(8), 0L, GC.GetTotalMemory(true));
        for (var n = 0; n < (Live.IsSoak ? 1_000_000 : 100_000); n++)
        {
            var key = new CacheKey($"{random.NextInt64():x}.{random.Next(1000)}.example", DnsType.A);
            cache.Put(new CacheEntry(key) { Records = [new UnknownRecord(key.Name, DnsType.A, TimeSpan.FromDays(1), new byte[4])], TimeToLive = TimeSpan.FromDays(1), Expires = TimeSpan.FromDays(1) });
            if (n % 10 == 0)
            {
                cache.Find(key.Name, DnsType.A, TimeSpan.Zero);
            }

            if (n % 50_000 == 49_999)
            {
                most = Math.Max(most, GC.GetTotalMemory(true) - before);
            }
        }

        Assert.That((cache.Count, most < 16 * 1024 * 1024), Is.EqualTo((10_000, true)), $"{most} bytes");
        GC.KeepAlive(cache);
    }

    [Test]
    public void What_is_used_outlives_what_is_not()
    {
        using var resolver = Server.Resolver(new() { MaxEntries = 100 });
        World.Watch(resolver.Query("used.example", DnsType.A));
        for (var n = 0; n < 1000; n++)
        {
            World.Watch(resolver.Query($"n{n}.example", DnsType.A));
            World.Watch(resolver.Query("used.example", DnsType.A));
        }

        Assert.That(Server.Asked.Count(each => each == "A used.example."), Is.EqualTo(1));
    }

    [Test]
    public void Hosts_are_forgotten_with_what_they_stand_on()
    {
        Lookup("a.example");
        Lookup("a.example");
        Assert.That(Server.Heard, Has.Count.EqualTo(2), "A and AAAA");
        Resolver.Flush("a.example");
        World.Settle();
        Lookup("a.example");
        Assert.That(Server.Heard, Has.Count.EqualTo(4));
    }

    [Test]
    public void Forgets_when_told_to()
    {
        Query("a.example", DnsType.A);
        Resolver.Flush("a.example");
        Query("a.example", DnsType.A);
        Assert.That(Server.Heard, Has.Count.EqualTo(2));
        Resolver.Flush();
        Query("a.example", DnsType.A);
        Assert.That(Server.Heard, Has.Count.EqualTo(3));
    }
}
