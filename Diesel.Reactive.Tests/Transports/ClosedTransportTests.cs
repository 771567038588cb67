namespace Diesel.Reactive.Tests;

/// <summary>The system gives the number of a closed socket to the next one: what is done to the old one must not reach it.</summary>
[TestFixtureSource(typeof(EventLoops), nameof(EventLoops.All))]
[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
public sealed class ClosedTransportTests(Func<Hub> loop) : IDisposable
{
    private const int Successors = 4;

    private readonly RealGround _ground = new("real", loop());

    public void Dispose() => _ground.Dispose();

    [TestCase("closes")]
    [TestCase("aborts")]
    public void What_is_done_to_a_closed_transport_does_nothing_to_the_next(string verb) => Assert.That(
        _ground.Run(async () =>
        {
            var (old, peer) = await _ground.Wire();
            new TransportActor(old).Play(new Step('A', verb));
            new TransportActor(peer).Play(new Step('B', verb));
            await _ground.Quiet(static () => true);
            var next = await Wires();
            Misuse(old);
            Misuse(peer);
            await Talk(next);
            return next.Select(static actor => actor.Story).ToArray();
        }),
        Is.EqualTo(Enumerable.Repeat("3", 2 * Successors)));

    // Reading, so that an end would be told.
    private async Task<List<TransportActor>> Wires()
    {
        var actors = new List<TransportActor>();
        for (var i = 0; i < Successors; i++)
        {
            var (a, b) = await _ground.Wire();
            actors.AddRange([new TransportActor(a), new TransportActor(b)]);
        }

        actors.ForEach(static actor => actor.Play(new Step('A', "reads")));
        return actors;
    }

    private static void Misuse(ITransport transport)
    {
        Assert.That(transport.Send("not for you"u8), Is.Zero);
        Assert.That(transport.Send((ReadOnlyMemory<byte>[])["not ".ToBytes(), "for you".ToBytes()]), Is.Zero);
        using (var file = new TestFile("not for you"))
        using (var handle = File.OpenHandle(file.Path))
        {
            transport.TrySendFile(handle, 0, 11, out var taken);
            Assert.That(taken, Is.Zero);
        }

        transport.Receive();
        transport.ShutdownSend();
        transport.Close();
        transport.Abort();
    }

    private async Task Talk(List<TransportActor> actors)
    {
        await _ground.Quiet(static () => true);
        actors.ForEach(static actor => actor.Play(new Step('A', "sends", 3)));
        await _ground.Quiet(() => actors.TrueForAll(static actor => actor.Story == "3"));
    }
}
