namespace Diesel.Reactive.Tests;

/// <summary>The contract of <see cref="ITransport"/> over Unix sockets: told the same on the virtual network.</summary>
public class UnixDifferentialTests
{
    private const int Programs = 300;

    private static readonly Allowance[] Allowances = [Allowance.ResetUnheard("#"), Allowance.OneChunkOrTwo, Allowance.ResetInPlaceOfEnd];

    [Test]
    public void A_program_of_two_ends_is_told_what_the_virtual_network_tells([Values] bool portable)
    {
        Assume.That(portable || EpollLoop.IsSupported);
        ManyPrograms.Compare(
            () => RealGround.Unix(portable), Programs, TransportActor.Verbs, static (transport, _) => new TransportActor(transport), Allowances);
    }
}
