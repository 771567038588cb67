namespace Diesel.Reactive.Tests;

/// <summary>The contract of <see cref="ITransport"/> is one: a program of two ends is told the same on every network.</summary>
public class TransportDifferentialTests
{
    // Each of its programs takes ten times as long as one in the epoll loop: every wait goes through other threads.
    private const int Fewer = 500;

    private static readonly Allowance[] Allowances = [Allowance.ResetUnheard("#")];

    [Test]
    public void The_epoll_loop_tells_what_the_virtual_network_tells()
    {
        Assume.That(EpollLoop.IsSupported);
        Compare(RealGround.Epoll(), 1000);
    }

    [Test]
    public void The_portable_loop_tells_what_the_virtual_network_tells() => Compare(RealGround.Portable(), Fewer);

    private static void Compare(Ground real, int programs) =>
        ManyPrograms.Compare(real, programs, TransportActor.Verbs, static (transport, _) => new TransportActor(transport), Allowances);
}
