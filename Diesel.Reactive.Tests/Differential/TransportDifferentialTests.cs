namespace Diesel.Reactive.Tests;

/// <summary>The contract of <see cref="ITransport"/> is one: a program of two ends is told the same on every network.</summary>
public class TransportDifferentialTests
{
    private static readonly Allowance[] Allowances =
    [
        new("The system's portable sockets say nothing of a reset while bytes or the peer's end are there to read and nobody reads.",
            difference => difference.Ground == "portable" && new[] { (difference.Expected.A, difference.Actual.A), (difference.Expected.B, difference.Actual.B) }
                .All(static tale => tale.Item1 == tale.Item2 || IsResetUnheard(tale.Item1, tale.Item2))),
    ];

    [Test]
    public void The_epoll_loop_tells_what_the_virtual_network_tells()
    {
        Assume.That(EpollLoop.IsSupported);
        Compare(RealGround.Epoll());
    }

    [Test]
    public void The_portable_loop_tells_what_the_virtual_network_tells() => Compare(RealGround.Portable());

    private static bool IsResetUnheard(string expected, string actual) =>
        expected.StartsWith(actual, StringComparison.Ordinal) && expected.Contains('#', StringComparison.Ordinal) && !actual.Contains('#', StringComparison.Ordinal);

    private static void Compare(Ground real) =>
        ManyPrograms.Compare(real, TransportActor.Verbs, static (transport, _) => new TransportActor(transport), Allowances);
}
