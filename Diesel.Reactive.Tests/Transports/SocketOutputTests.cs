using System.Net.Sockets;
using System.Reactive.Threading.Tasks;

namespace Diesel.Reactive.Tests;

/// <summary>What is written, sent from several places and from files, over real sockets; the same for every event loop.</summary>
[TestFixtureSource(typeof(EventLoops), nameof(EventLoops.All))]
public class SocketOutputTests(Func<Hub> newHub)
{
    private const int MiB = 1024 * 1024;

    private readonly List<CountingTransport> _counted = [];
    private Live _live = null!;

    [SetUp]
    public void Start()
    {
        _live = new Live(newHub());
        _counted.Clear();
    }

    [TearDown]
    public void Stop() => _live.Dispose();

    [Test]
    public void A_turns_many_small_writes_and_sends_are_one_call()
    {
        var (connection, peer) = Wire();
        _live.Do(() =>
        {
            for (var i = 0; i < 200; i++)
            {
                Write(connection, "ab");
                connection.OnNext("c".ToBytes());
                connection.Send("d".ToBytes());
            }
        });
        Assert.That(peer.Reads(800), Is.EqualTo(string.Concat(Enumerable.Repeat("abcd", 200))));
        Assert.That(_counted[0].Taken, Is.EqualTo(new[] { 800 }));
        peer.Dispose();
    }

    [Test]
    public void Heads_and_bodies_arrive_in_order_whatever_the_kernel_takes_at_once()
    {
        var (connection, peer) = Wire();
        var body = Content(MiB);
        _live.Do(() =>
        {
            for (var i = 0; i < 5; i++)
            {
                Write(connection, "<head>");
                connection.OnNext(body);
            }
        });
        var expected = string.Concat(Enumerable.Repeat("<head>" + body.ToText(System.Text.Encoding.Latin1), 5));
        Assert.That(peer.Reads(expected.Length) == expected, Is.True);
        peer.Dispose();
    }

    [Test]
    public void Writing_in_step_with_the_peer_loses_nothing()
    {
        var (connection, peer) = Wire();
        var reading = Task.Run(() => peer.Reads(20 * MiB));
        _live.Run(async () =>
        {
            for (var sent = 0; sent < 20 * MiB; sent += 4096)
            {
                await connection.Room();
                connection.Output.GetSpan(4096)[..4096].Fill((byte)('a' + (sent / 4096 % 26)));
                connection.Output.Advance(4096);
            }
        });
        var text = _live.Await(reading);
        Assert.That(text.Where((letter, i) => letter != 'a' + (i / 4096 % 26)), Is.Empty);
        peer.Dispose();
    }

    [Test]
    public void A_file_is_sent_between_what_is_sent()
    {
        var (connection, peer) = Wire();
        using var file = new TestFile(Content((3 * MiB) + 123).ToText(System.Text.Encoding.Latin1));
        var sent = Task.Run(async () =>
        {
            connection.OnNext("<".ToBytes());
            var all = connection.SendFile(file.Path).ToTask();
            var part = connection.SendFile(file.Path, MiB, 1000).ToTask();
            await connection.Send(">".ToBytes());
            await Task.WhenAll(all, part);
        });
        var expected = $"<{file.Content}{file.Content.Substring(MiB, 1000)}>";
        Assert.That(peer.Reads(expected.Length) == expected, Is.True);
        _live.Await(sent);
        Assert.That(connection.PendingBytes, Is.Zero);
        peer.Dispose();
    }

    [Test]
    public void A_file_that_may_not_be_read_resets_the_connection_and_says_why()
    {
        var (connection, peer) = Wire();
        using var file = new TestFile("abc");
        using var handle = File.OpenHandle(file.Path, FileMode.Open, FileAccess.Write);
        var sent = connection.SendFile(handle).ToTask();
        Assert.That(() => _live.Await(sent), Throws.InstanceOf<ConnectionException>().With.Message.Contains("a file could not be sent"));
        peer.Dispose();
    }

    [Test]
    public void A_file_that_becomes_shorter_resets_the_connection()
    {
        var (connection, peer) = Wire();
        using var file = new TestFile(Content(30 * MiB).ToText(System.Text.Encoding.Latin1));
        var sent = connection.SendFile(file.Path).ToTask();
        peer.Reads(1000);
        file.Shorten(1001);
        var (_, error) = peer.ReadsToEnd();
        Assert.That(error, Is.EqualTo(SocketError.ConnectionReset));
        Assert.That(() => _live.Await(sent), Throws.InstanceOf<ConnectionException>().With.Message.Contains("has become shorter"));
        peer.Dispose();
    }

    [Test]
    public void A_file_on_its_way_to_a_peer_that_leaves_fails_with_the_connection()
    {
        var (connection, peer) = Wire();
        using var file = new TestFile(Content(30 * MiB).ToText(System.Text.Encoding.Latin1));
        var sent = connection.SendFile(file.Path).ToTask();
        peer.Reads(1000);
        peer.Resets();
        Assert.That(() => _live.Await(sent), Throws.InstanceOf<ConnectionException>().With.Message.Contains("was reset by the peer").Or.Message.Contains("closed by the peer"));
    }

    [Test]
    public void The_system_reads_the_file_itself_where_it_can()
    {
        var (connection, peer) = Wire();
        using var file = new TestFile(new string('x', 1000));
        _live.Await(connection.SendFile(file.Path).ToTask());
        Assert.That(peer.Reads(1000), Is.EqualTo(file.Content));
        var (itself, passed) = (new long[] { 1000 }, Array.Empty<long>());
        Assert.That((_counted[0].Files, _counted[0].Taken), Is.EqualTo(_live.Hub.Network is EpollNetwork ? (itself, passed) : (passed, itself)));
        peer.Dispose();
    }

    private (Connection Connection, RawPeer Peer) Wire() => _live.Wire(new()
    {
        Layer = (transport, _) =>
        {
            _counted.Add(new CountingTransport(transport));
            return _counted[^1];
        },
    });

    private static ReadOnlyMemory<byte> Content(int length) => Enumerable.Range(0, length).Select(static i => (byte)('a' + (i % 251 % 26))).ToArray();

    private static void Write(Connection connection, string text)
    {
        text.ToBytes().Span.CopyTo(connection.Output.GetSpan(text.Length));
        connection.Output.Advance(text.Length);
    }
}
