namespace Diesel.Reactive.Tests;

/// <summary>A program of two connections comes to the same on every network.</summary>
public class ConnectionDifferentialTests
{
    // Each of its programs takes ten times as long as one in the epoll loop: every wait goes through other threads.
    private const int Fewer = 500;

    private static readonly Allowance[] Allowances = [Allowance.ResetUnheard("closed"), Allowance.ResetBehindEndUnheard, Allowance.SentSooner];

    [Test]
    public void Connections_in_the_epoll_loop_do_what_they_do_on_the_virtual_network()
    {
        Assume.That(EpollLoop.IsSupported);
        Compare(RealGround.Epoll(), 1000);
    }

    [Test]
    public void Connections_in_the_portable_loop_do_what_they_do_on_the_virtual_network() => Compare(RealGround.Portable(), Fewer);

    private static void Compare(Ground real, int programs) =>
        ManyPrograms.Compare(real, programs, ConnectionActor.Verbs, static (transport, hub) => new ConnectionActor(transport, hub), Allowances);
}
