using System.Net;

namespace Diesel.Reactive.Tests;

/// <summary>What many clients see of a server that is restarted often.</summary>
public class RestartTests
{
    private const int Clients = 1000;
    private static readonly int Restarts = Live.IsSoak ? 50 : 10;
    private static readonly TimeSpan Down = TimeSpan.FromSeconds(1);

    [Test]
    public void Of_a_thousand_clients_each_call_is_answered_or_told_and_nobody_dials_before_its_time()
    {
        using var world = new World(traceLimit: 0);
        var play = new ComingBack(world.Hub, world.Hub, new IPEndPoint(World.Here, 7), new() { MaxWait = TimeSpan.FromSeconds(5), Backoff = new() { ResetAfter = TimeSpan.FromSeconds(0.5) } });
        world.Do(play.Begin);
        world.Do(() => play.Join(Clients));
        for (var i = 0; i < Restarts; i++)
        {
            world.Passes(1);
            world.Hub.Fork(() => play.Restart(Down));
            world.Passes(1.5);
        }

        play.Leave();
        world.Passes(10);
        TestContext.Out.WriteLine($"{play.Asked} calls, {play.Answered} answered, {play.Failed} failed, {play.Dials} dials");
        Assert.That((string.Join('\n', play.Wrong.Take(5)), world.Trouble), Is.EqualTo(("", "")));
        Assert.That(play.Answered + play.Failed, Is.EqualTo(play.Asked));
        Assert.That(play.Answered, Is.GreaterThan(play.Asked * 0.9));

        // Within a second waits of 25, 50, 100, 200 and 400 ms on the average find their place: six attempts, sometimes one or two more.
        Assert.That(play.Dials, Is.LessThan(Clients * (1 + (Restarts * 7))).And.GreaterThan(Clients * 2));
        world.Do(play.Stop);
    }
}
