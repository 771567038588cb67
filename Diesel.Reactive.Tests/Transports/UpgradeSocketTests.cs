namespace Diesel.Reactive.Tests;

/// <summary>A layer in mid-stream on real sockets, on both sides.</summary>
[TestFixtureSource(typeof(EventLoops), nameof(EventLoops.All))]
public class UpgradeSocketTests(Func<Hub> newHub)
{
    private static readonly Framing<ReadOnlyMemory<byte>> Line = Framing.UntilEol();

    private Live _live = null!;

    [SetUp]
    public void Start() => _live = new Live(newHub());

    [TearDown]
    public void Stop() => _live.Dispose();

    [Test]
    public void Both_sides_talk_through_it()
    {
        var service = Echoes();
        var answers = _live.Run(async () =>
        {
            using var connection = await Tcp.Connect("127.0.0.1", service.Port);
            connection.OnNext("START\r\n".ToBytes());
            var answer = await connection.Read(Line);
            await connection.Upgrade(XorLayer.Of(3));
            connection.OnNext("A\r\n".ToBytes());
            return (answer.ToText(), (await connection.Read(Line)).ToText(), connection.Feature<XorKey>()?.Theirs);
        });
        Assert.That(answers, Is.EqualTo(("GO\r\n", "A\r\n", (byte?)5)));
    }

    [Test]
    public void Much_goes_both_ways_unharmed_beginning_before_it()
    {
        const int Count = 2_000_000;
        var service = Echoes();
        var (plain, back) = _live.Run(async () =>
        {
            using var connection = await Tcp.Connect("127.0.0.1", service.Port);
            connection.OnNext("START\r\n".ToBytes());
            var answer = await connection.Read(Line);
            var upgrade = connection.Upgrade(XorLayer.Of(3));
            var sent = connection.Send($"{new string('y', Count)}".ToBytes());
            connection.OnCompleted();
            await upgrade;
            return (answer.ToText(), await connection.Aggregate(0L, static (n, chunk) => n + chunk.Span.Count((byte)'y')));
        });
        Assert.That((plain, back), Is.EqualTo(("GO\r\n", (long)Count)));
    }

    [Test]
    public void It_may_be_called_from_any_thread()
    {
        var service = Echoes();
        var (connection, peer) = _live.Wire();
        using var _ = peer;
        var upgrade = connection.Upgrade(XorLayer.Of(3));
        peer.Socket.Send(XorLayer.Opening(5, "A\r\n"));
        _live.Await(upgrade);
        Assert.That(_live.Await(connection.Read(Line)).ToText(), Is.EqualTo("A\r\n"));
        Assert.That(service.Counts.Open, Is.Zero);
    }

    [Test]
    public void A_peer_that_speaks_plain_is_told_off()
    {
        var service = Echoes();
        using var peer = new RawPeer(service.EndPoint).Sends("START\r\nEVIL\r\n");
        Assert.That(peer.ReadsToEnd().Text, Does.StartWith("GO\r\n").And.Not.Contain("EVIL"));
    }

    // Echoes what comes through the layer.
    private TcpService Echoes() => _live.Starts(new TcpService(0, static async c =>
    {
        await c.Read(Line);
        c.OnNext("GO\r\n".ToBytes());
        await c.Upgrade(XorLayer.Of(5));
        await c.Do(c.OnNext).LastOrDefaultAsync();
    }));
}
