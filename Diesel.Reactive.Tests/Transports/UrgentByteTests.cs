using System.Net.Sockets;
using System.Text;

namespace Diesel.Reactive.Tests;

/// <summary>A byte the peer calls urgent is a byte of the stream like any other, and hides nothing behind it.</summary>
[TestFixtureSource(typeof(EventLoops), nameof(EventLoops.All))]
public class UrgentByteTests(Func<Hub> newHub)
{
    private Live _live = null!;

    [SetUp]
    public void Start() => _live = new Live(newHub());

    [TearDown]
    public void Stop() => _live.Dispose();

    // Urgent is what stands before a '!'.
    [TestCase("abc!d\r\n")]
    [TestCase("a!bcd\r\n")]
    [TestCase("ab\r\n!")]
    [TestCase("ab!cd!ef\r\n")]
    [TestCase("a!b!c!\r!\n!")]
    public void It_is_read_in_its_place_with_what_is_behind_it(string said)
    {
        var (connection, peer) = _live.Wire();
        Say(peer.Socket, said);
        Assert.That(_live.Await(connection.UntilEol().Take(1)).ToText(), Is.EqualTo(said.Replace("!", "", StringComparison.Ordinal)));
    }

    [TestCase("abc!d\r\n")]
    [TestCase("a!b!c!\r!\n!")]
    public void It_is_read_while_it_comes(string said)
    {
        var service = _live.Starts(new TcpService(0, static c => c.UntilEol()));
        using var peer = new RawPeer(service.EndPoint);
        var answer = said.Replace("!", "", StringComparison.Ordinal);
        for (var n = 0; n < 200; n++)
        {
            Say(peer.Socket, said);
            Assert.That(peer.Reads(answer.Length), Is.EqualTo(answer));
        }
    }

    private static void Say(Socket socket, string said)
    {
        socket.NoDelay = true;
        var parts = said.Split('!');
        foreach (var part in parts[..^1])
        {
            socket.Send(Encoding.Latin1.GetBytes(part[..^1]));
            socket.Send(Encoding.Latin1.GetBytes(part[^1..]), SocketFlags.OutOfBand);
        }

        socket.Send(Encoding.Latin1.GetBytes(parts[^1]));
    }
}
