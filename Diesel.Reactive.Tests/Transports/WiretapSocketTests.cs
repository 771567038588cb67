using Diesel.Reactive.Testing;

namespace Diesel.Reactive.Tests;

/// <summary>What was said over real sockets is replayed in virtual time.</summary>
[TestFixtureSource(typeof(EventLoops), nameof(EventLoops.All))]
public sealed class WiretapSocketTests(Func<Hub> newHub) : IDisposable
{
    private readonly string _file = Path.Combine(Path.GetTempPath(), $"{Guid.NewGuid():N}.marble");
    private readonly Live _live = new(newHub());

    [OneTimeTearDown]
    public void Dispose()
    {
        _live.Dispose();
        File.Delete(_file);
    }

    [Test]
    public void A_live_conversation_is_recorded_saved_loaded_and_replayed()
    {
        var wiretap = new Wiretap();
        var service = _live.Starts(new TcpService(0, Shout, new() { Layer = wiretap.Tap }));
        using (var peer = new RawPeer(service.EndPoint))
        {
            Assert.That(peer.Sends("hel").Sends("lo\r\n").Reads(7), Is.EqualTo("HELLO\r\n"));
            Assert.That(peer.Sends("\0'x'\r\nrest").Reads(6), Is.EqualTo("\0'X'\r\n"));
            Assert.That(peer.Ends().ReadsToEnd().Item1, Is.Empty);
        }

        _live.Await(service.Stop());
        wiretap.Save(_file);
        MarbleTest.Run(t =>
        {
            var replayed = Started(t, new TcpService(7, Shout));
            t.Duplex(MarbleFile.Load(_file).Cases.Single()).InAnyTime().Dials(replayed.EndPoint);
        }, new MarbleOptions { IgnoreHubErrors = true });
    }

    private static IObservable<ReadOnlyMemory<byte>> Shout(Connection connection) => connection.UntilEol().Select(line => line.ToUpper());

    private static T Started<T>(MarbleTest test, T service)
        where T : IService
    {
        service.Start(test.Hub);
        return service;
    }
}
