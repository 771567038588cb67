namespace Diesel.Reactive.Tests;

/// <summary>Whatever reads straight from a connection can hold it.</summary>
public class HoldingTests
{
    private const int KiB = 1024;

    private static readonly (string Name, Func<Connection, IObservable<object>> Read)[] Entries =
    [
        ("the connection", static c => Sized(c, static chunk => chunk.Length)),
        ("Decode", static c => Sized(c.Decode(Framing.Chunk()), static chunk => chunk.Length)),
        ("UntilEol", static c => Sized(c.UntilEol(), static line => line.Length)),
        ("Until", static c => Sized(c.Until("\n"), static line => line.Length)),
        ("Lines", static c => Sized(c.Lines(), static line => line.Length)),
        ("Bytes", static c => Sized(c.Bytes(10), static bytes => bytes.Length)),
        ("Varint", static c => Sized(c.Varint(), static _ => 1)),
    ];

    private static IEnumerable<TestCaseData> All => Entries.Select(static entry => new TestCaseData(entry.Read).SetArgDisplayNames(entry.Name));

    [TestCaseSource(nameof(All))]
    public void A_slow_method_holds_the_peer(Func<Connection, IObservable<object>> read)
    {
        var wire = new Wire();
        var story = wire.Watch(read);
        wire.Peer.Sends(string.Concat(Enumerable.Repeat("12345678\r\n", 200 * KiB)));
        wire.Passes(5);
        Assert.That((story.Error, wire.Peer.Unsent > KiB * KiB, story.Values.Count > 1), Is.EqualTo((default(Exception), true, true)));
    }

    [Test]
    public void ReadAllAsync_of_the_connection_holds_the_peer()
    {
        var (wire, read) = (new Wire(), 0L);
        wire.Peer.Sends(new byte[2 * KiB * KiB]);
        wire.World.Runs(async () =>
        {
            await foreach (var chunk in ((IObservable<ReadOnlyMemory<byte>>)wire.Connection).ReadAllAsync(capacity: 1))
            {
                read += chunk.Length;
                await wire.Hub.Sleep(TimeSpan.FromSeconds(1));
            }
        });
        wire.Passes(3.5);
        var soFar = read;
        wire.Peer.Ends();
        wire.Passes(1000);
        Assert.That((read, soFar / KiB, wire.World.Trouble), Is.EqualTo((2L * KiB * KiB, Math.Min(soFar / KiB, KiB - 1), "")));
    }

    [Test]
    public void A_source_of_ones_own_is_held_if_it_can_be()
    {
        var wire = new Wire();
        wire.World.Runs(async () =>
        {
            await foreach (var chunk in new Held(wire.Connection).ReadAllAsync(capacity: 1))
            {
                await wire.Hub.Sleep(TimeSpan.FromSeconds(1));
            }
        });
        wire.Peer.Sends(new byte[2 * KiB * KiB]);
        wire.Passes(5);
        Assert.That((wire.Peer.Unsent > KiB * KiB, wire.World.Trouble), Is.EqualTo((true, "")));
    }

    [Test]
    public void A_shared_source_is_not_held_and_its_error_says_what_to_do()
    {
        var wire = new Wire();
        var story = wire.Watch(c => Sized(c.UntilEol().Publish().RefCount(), static line => line.Length, capacity: 2));
        wire.Peer.Sends("1\r\n2\r\n3\r\n4\r\n");
        Assert.That(story.Error, Is.InstanceOf<QueueFullException>().With.Message.Contains("hold: connection.Pause").And.Message.Not.Contains("PutWhenRoom"));
    }

    private sealed class Held(Connection connection) : IObservable<ReadOnlyMemory<byte>>, IPausable
    {
        public Hub Hub => Hub.Current!;

        public IDisposable Pause() => connection.Pause();

        public IDisposable Subscribe(IObserver<ReadOnlyMemory<byte>> observer) => connection.Subscribe(observer);
    }

    private static IObservable<object> Sized<T>(IObservable<T> source, Func<T, int> size, int capacity = 4) => source.SelectAsync(
        async item =>
        {
            await Hub.Current!.Sleep(TimeSpan.FromSeconds(1));
            return (object)size(item);
        }, max: 1, capacity: capacity);
}
