using System.Globalization;

namespace Diesel.Reactive.Tests;

[Platform("Linux")]
public class EpollLoopTests
{
    [Test]
    public void A_quiet_hub_uses_no_CPU()
    {
        using var quiet = new Live(new HubOptions { Name = "quiet" });
        using var clock = new Live();
        var task = quiet.Do(ThreadId);
        Busy(quiet.Hub, 2000);
        clock.Await(clock.Hub.Sleep(TimeSpan.FromMilliseconds(20)));
        var before = CpuTime(task);
        clock.Await(clock.Hub.Sleep(TimeSpan.FromMilliseconds(300)));
        Assert.That(CpuTime(task) - before, Is.LessThan(TimeSpan.FromMilliseconds(1)));
    }

    [TestCase(0)]
    [TestCase(50)]
    public void Whether_it_spins_or_not_it_serves_sockets_timers_and_threads(double microseconds)
    {
        using var live = new Live(new HubOptions { Spin = TimeSpan.FromMicroseconds(microseconds) });
        var (connection, peer) = live.Wire();
        for (var i = 0; i < 200; i++)
        {
            peer.Sends("a\r\n");
            Assert.That(live.Await(connection.Read(Framing.UntilEol())).ToText(), Is.EqualTo("a\r\n"));
        }

        live.Await(live.Hub.Sleep(TimeSpan.FromMilliseconds(1)));
        Busy(live.Hub, 1000);
    }

    [Test]
    public void A_negative_spin_is_refused() =>
        Assert.That(static () => new HubOptions { Spin = TimeSpan.FromTicks(-1) }, Throws.InstanceOf<ArgumentOutOfRangeException>());

    /// <summary>Hands work over again and again, as fast as the hub takes it.</summary>
    private static void Busy(Hub hub, int times)
    {
        var ran = 0;
        for (var i = 1; i <= times; i++)
        {
            hub.Post(_ => Volatile.Write(ref ran, ran + 1));
            var sent = i;
            Assert.That(SpinWait.SpinUntil(() => Volatile.Read(ref ran) == sent, Live.Patience), Is.True, "The hub did not wake.");
        }
    }

    private static string ThreadId() => Path.GetFileName(new DirectoryInfo("/proc/thread-self").LinkTarget!);

    // Of one thread, in nanoseconds: what else the tests do at the same time does not count.
    private static TimeSpan CpuTime(string task) =>
        TimeSpan.FromMicroseconds(long.Parse(File.ReadAllText($"/proc/self/task/{task}/schedstat").Split(' ')[0], CultureInfo.InvariantCulture) / 1000.0);
}
