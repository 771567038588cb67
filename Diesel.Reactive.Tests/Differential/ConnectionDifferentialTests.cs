namespace Diesel.Reactive.Tests;

/// <summary>A program of two connections comes to the same on every network.</summary>
public class ConnectionDifferentialTests
{
    private const int Programs = 1000;

    private static readonly Allowance[] Allowances =
        [Allowance.ResetUnheard("closed"), Allowance.ResetBehindEndUnheard, Allowance.SentSooner, Allowance.DoneSooner, Allowance.OneReadOrTwo];

    [Test]
    public void Connections_in_the_epoll_loop_do_what_they_do_on_the_virtual_network()
    {
        Assume.That(EpollLoop.IsSupported);
        Compare(RealGround.Epoll);
    }

    [Test]
    public void Connections_in_the_portable_loop_do_what_they_do_on_the_virtual_network() => Compare(RealGround.Portable);

    private static void Compare(Func<Ground> real) =>
        ManyPrograms.Compare(real, Programs, ConnectionActor.Verbs, static (transport, hub) => new ConnectionActor(transport, hub), Allowances);
}
