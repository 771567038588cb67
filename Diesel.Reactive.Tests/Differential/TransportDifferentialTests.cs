namespace Diesel.Reactive.Tests;

/// <summary>The contract of <see cref="ITransport"/> is one: a program of two ends is told the same on every network.</summary>
public class TransportDifferentialTests
{
    private const int Programs = 1000;

    private static readonly Allowance[] Allowances = [Allowance.ResetUnheard("#"), Allowance.OneChunkOrTwo];

    [Test]
    public void The_epoll_loop_tells_what_the_virtual_network_tells()
    {
        Assume.That(EpollLoop.IsSupported);
        Compare(RealGround.Epoll);
    }

    [Test]
    public void The_portable_loop_tells_what_the_virtual_network_tells() => Compare(RealGround.Portable);

    private static void Compare(Func<Ground> real) =>
        ManyPrograms.Compare(real, Programs, TransportActor.Verbs, static (transport, _) => new TransportActor(transport), Allowances);
}
