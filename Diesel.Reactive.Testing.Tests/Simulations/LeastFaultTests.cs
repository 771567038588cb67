using Diesel.Reactive.Testing;

namespace Diesel.Reactive.Tests;

/// <summary>Of the faults that make a scenario fail, the least each must do for it; and the call that brings it about again.</summary>
public class LeastFaultTests
{
    private static readonly TimeSpan Minute = TimeSpan.FromMinutes(1);

    [TestCase(0)]
    [TestCase(1)]
    [TestCase(4711)]
    public void The_least_length_is_found(int needed) => Assert.That(
        Least([Long(20_000)], all => all.Any(fault => fault.Lasts >= Ms(needed)))[0].Lasts, Is.EqualTo(Ms(needed)));

    [Test]
    public void And_the_first_instant_and_the_fewest_bytes() => Assert.That(
        Least([Long(500), new(FaultKind.Cut, "a→b", 0) { Bytes = 39 }], static all => all.Any(static fault => fault.After >= Ms(60)) && all.Any(static fault => fault.Bytes >= 3))
            .Select(static fault => (fault.After, fault.Lasts, fault.Bytes)),
        Is.EqualTo(new (TimeSpan?, TimeSpan?, int?)[] { (Ms(60), TimeSpan.Zero, null), (null, null, 3) }));

    [Test]
    public void A_fault_that_is_needed_no_more_when_another_is_smaller_goes() => Assert.That(
        Least([Long(100), new(FaultKind.Loss, "a→b", 0)], static all =>
            all.Any(fault => fault.Lasts is { } time && (time == Ms(7) || (all.Count == 2 && time >= Ms(7)))))
            .Select(static fault => fault.Kind),
        Is.EqualTo(new[] { FaultKind.Partition }));

    [Test]
    public void Amounts_share_the_limit_of_runs()
    {
        var shrinking = new Shrinking([Long(20_000)], static all => all.Any(static fault => fault.Lasts > Ms(77)), maxRuns: 6);
        Assert.That((shrinking.Least()[0].Lasts is { } lasts && lasts > Ms(77) && lasts < Ms(20_000), shrinking.Runs), Is.EqualTo((true, 6)));
    }

    [Test]
    public void A_partition_is_told_with_the_least_time_that_does_harm()
    {
        var failure = Assert.Throws<SimulationFailedException>(static () => Simulation.Run(200, Impatient))!;
        var fault = failure.Faults.Single();
        Assert.That(fault.Kind, Is.EqualTo(FaultKind.Partition));
        Assert.That(fault.Lasts, Is.InRange(Ms(4901), Ms(5100)), failure.Message);
        Assert.That(failure.Message, Does.Contain($"lasts {HumanTime.Of(fault.Lasts!.Value)}, {HumanTime.Of(fault.After!.Value)} after it was asked for, number 0")
            .And.Contain($"Simulation.Once({failure.Seed}, Impatient, only: [")
            .And.Contain("new(FaultKind.Partition, \"client↔server\", 0) { After = TimeSpan.From").And.Contain(", Lasts = TimeSpan.From"));
    }

    [TestCase(5100, true)]
    [TestCase(4800, false)]
    public void What_it_says_can_be_pasted(int lasts, bool fails)
    {
        void Pasted() => Simulation.Once(3, Impatient, only: [new(FaultKind.Partition, "client↔server", 0) { After = TimeSpan.FromSeconds(0), Lasts = Ms(lasts) }]);
        Assert.That(Pasted, fails ? Throws.TypeOf<SimulationException>() : Throws.Nothing);
    }

    [Test]
    public void A_latency_is_told_with_the_least_that_does_harm()
    {
        var failure = Assert.Throws<SimulationFailedException>(static () => Simulation.Run(200, static sim =>
        {
            sim.Network.Conditions = new() { Latency = Latency.Between(Ms(10), Ms(200)) };
            new UdpService(7, static socket => socket.Select(static asked => asked.Reply(asked.Payload))).Start(sim.HubOn("server"));
            var came = sim.Record("answer", Udp.Connect("server", 7, hub: sim.HubOn("client")).SelectMany(static socket =>
            {
                socket.Send("?".ToBytes());
                return socket.Datagrams();
            }));
            sim.Until(() => came.Values.Count == 1, Minute);
            sim.Check(sim.Elapsed <= Ms(150));
        }))!;
        var late = failure.Faults.Sum(static fault => fault.Lasts!.Value.TotalMilliseconds - 10);
        Assert.That((failure.Faults.All(static fault => fault.Kind == FaultKind.Delay), late), Is.EqualTo((true, 131.0)), failure.Message);
        Assert.That(failure.Message, Does.Contain($"takes {HumanTime.Of(failure.Faults[0].Lasts!.Value)}, number 0"));
    }

    [Test]
    public void More_than_may_be_drawn_is_not_given()
    {
        var sim = Simulation.Once(0, static sim => Parted(sim), [new(FaultKind.Partition, "a↔b", 0) { After = Minute, Lasts = Minute }]);
        Assert.That((sim.Faults[0].After, sim.Faults[0].Lasts), Is.EqualTo((TimeSpan.FromSeconds(4), TimeSpan.FromSeconds(2))));
    }

    [Test]
    public void What_is_not_given_stays_as_it_is_drawn()
    {
        var drawn = Simulation.Once(5, Parted).Faults[0];
        var again = Simulation.Once(5, Parted, [new(FaultKind.Partition, "a↔b", 0)]).Faults[0];
        Assert.That((again, again.After > TimeSpan.Zero, again.Lasts > TimeSpan.Zero), Is.EqualTo((drawn, true, true)));
    }

    [Test]
    public void Many_faults_are_a_line_each_and_names_are_escaped() => Assert.That(
        FaultCode.Of(7, "static sim => …", [.. Enumerable.Range(0, 4).Select(static n => new Fault(FaultKind.Own, "no \"disk\" at all, though it was there", n))]),
        Is.EqualTo(new[]
        {
            "Simulation.Once(7, scenario, only: [",
            """    new(FaultKind.Own, "no \"disk\" at all, though it was there", 0),""",
            """    new(FaultKind.Own, "no \"disk\" at all, though it was there", 1),""",
            """    new(FaultKind.Own, "no \"disk\" at all, though it was there", 2),""",
            """    new(FaultKind.Own, "no \"disk\" at all, though it was there", 3),""",
            "]);",
        }));

    [TestCase(0, "0s")]
    [TestCase(12.5, "12.5ms")]
    [TestCase(2000, "2s")]
    [TestCase(3539999, "58m 59.999s")]
    [TestCase(7200000, "2h")]
    [TestCase(-90000, "-1m 30s")]
    public void Times_are_told_as_a_person_does(double ms, string text) => Assert.That(HumanTime.Of(TimeSpan.FromMilliseconds(ms)), Is.EqualTo(text));

    [TestCase(3539999, "59m")]
    [TestCase(12437, "12.4s")]
    [TestCase(86_399_999, "24h")]
    [TestCase(5_025_000, "1.4h")]
    [TestCase(1001, "1s")]
    public void And_long_waits_in_few_signs(double ms, string text) => Assert.That(HumanTime.About(TimeSpan.FromMilliseconds(ms)), Is.EqualTo(text));

    [Test]
    public void A_report_has_a_ruler_and_waits_as_one_says_them()
    {
        var failure = Assert.Throws<SimulationFailedException>(static () => Simulation.Run(1, static sim =>
        {
            sim.Record("ticks", Observable.Interval(TimeSpan.FromMinutes(59), sim.Scheduler).Take(2));
            sim.Pass(TimeSpan.FromHours(2));
            sim.Check(false, "enough");
        }))!;
        Assert.That(failure.Message, Does.Contain("Does not hold at 2h: enough").And.Contain("at          59m   1h 58m").And.Contain("ticks   59m 0 59m [1|]"));
    }

    // It asks ten times a second, and must not go without an answer for longer than five.
    private static void Impatient(Simulation sim)
    {
        var (server, client) = (sim.HubOn("server"), sim.HubOn("client"));
        sim.Inject(FaultKind.Partition, "client", "server", within: TimeSpan.FromSeconds(20), upTo: TimeSpan.FromSeconds(20));
        new UdpService(7, static socket => socket.Select(static asked => asked.Reply(asked.Payload))).Start(server);
        var heard = TimeSpan.Zero;
        Udp.Connect("server", 7, hub: client).Subscribe(socket =>
        {
            socket.Datagrams().Subscribe(_ => heard = Checked());
            Observable.Interval(Ms(100), client).Subscribe(_ => socket.Send("?".ToBytes()));
        });
        sim.Pass(TimeSpan.FromSeconds(50));
        Checked();

        TimeSpan Checked()
        {
            sim.Check(sim.Elapsed - heard <= TimeSpan.FromSeconds(5), "there was an answer within five seconds");
            return sim.Elapsed;
        }
    }

    private static void Parted(Simulation sim)
    {
        _ = (sim.HubOn("a"), sim.HubOn("b"));
        sim.Inject(FaultKind.Partition, "a", "b", within: TimeSpan.FromSeconds(4), upTo: TimeSpan.FromSeconds(2));
        sim.Pass(TimeSpan.FromSeconds(10));
    }

    private static Fault Long(int ms) => new(FaultKind.Partition, "a↔b", 0) { After = Ms(ms), Lasts = Ms(ms) };

    private static IReadOnlyList<Fault> Least(IReadOnlyList<Fault> all, Func<IReadOnlyList<Fault>, bool> fails) => new Shrinking(all, fails, 1000).Least();

    private static TimeSpan Ms(int ms) => TimeSpan.FromMilliseconds(ms);
}
