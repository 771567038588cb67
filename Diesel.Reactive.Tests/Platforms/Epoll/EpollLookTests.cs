using System.Net.Sockets;
using System.Text;

namespace Diesel.Reactive.Tests;

/// <summary>A loop that looks itself for the reply to what was sent last, real sockets.</summary>
[Platform("Linux")]
public class EpollLookTests
{
    // As often as it takes that the loop looks.
    private const int Rounds = 50;

    private Live _live = null!;

    [SetUp]
    public void Start() => _live = new Live(new HubOptions { Spin = TimeSpan.FromMilliseconds(20) });

    [TearDown]
    public void Stop() => _live.Dispose();

    [TestCase(true)]
    [TestCase(false)]
    public void A_reply_with_the_end_right_behind_it_arrives_before_that(bool resets)
    {
        for (var attempt = 0; attempt < (Live.IsSoak ? 2000 : 100); attempt++)
        {
            var (connection, peer) = _live.Wire();
            var answering = Task.Factory.StartNew(() => Answer(peer, () => Leave(peer.Socket, resets)), TaskCreationOptions.LongRunning);
            var (replies, end) = _live.Run(() => Ask(connection, Rounds + 1));
            Assert.That(replies, Is.EqualTo(Rounds));
            Assert.That(end, resets ? Is.InstanceOf<ConnectionException>() : Is.InstanceOf<EndOfStreamException>().Or.InstanceOf<ConnectionException>());
            _live.Await(answering);
            connection.Dispose();
        }
    }

    [Test]
    public void Others_are_served_while_one_is_answered_at_once()
    {
        var (asking, asked) = _live.Wire();
        var (other, peer) = _live.Wire();
        var answering = Task.Factory.StartNew(() => Answer(asked, null), TaskCreationOptions.LongRunning);
        _live.Hub.Fork(() => Ask(asking, int.MaxValue));
        for (var i = 0; i < 100; i++)
        {
            peer.Sends("a\r\n");
            Assert.That(_live.Await(other.Read(Framing.UntilEol())).ToText(), Is.EqualTo("a\r\n"));
        }

        asking.Dispose();
        _live.Await(answering);
    }

    [Test]
    public void Who_was_refused_room_is_told_when_there_is_some()
    {
        var (connection, peer) = _live.Wire();
        var large = new byte[16 * 1024 * 1024];
        var sent = _live.Do(() => connection.Send(large)).AsTask();
        Assert.That(peer.Reads(large.Length), Has.Length.EqualTo(large.Length));
        _live.Await(sent);
    }

    private static async Task<(int Replies, Exception? End)> Ask(Connection connection, int times)
    {
        var (request, replies) = ("a\r\n".ToBytes(), 0);
        try
        {
            for (; replies < times; replies++)
            {
                connection.OnNext(request);
                await connection.Read(Framing.UntilEol());
            }
        }
        catch (Exception error) when (error is IOException or InvalidOperationException)
        {
            return (replies, error);
        }

        return (replies, null);
    }

    private static void Answer(RawPeer peer, Action? behindTheLast)
    {
        var (room, reply) = (new byte[100], Encoding.ASCII.GetBytes("b\r\n"));
        for (var left = behindTheLast is null ? int.MaxValue : Rounds; left > 0 && peer.Socket.Receive(room) > 0; left--)
        {
            peer.Socket.Send(reply);
        }

        behindTheLast?.Invoke();
    }

    private static void Leave(Socket socket, bool resets)
    {
        if (resets)
        {
            // What it has not read makes a reset of its end.
            socket.Poll(Live.Patience, SelectMode.SelectRead);
        }

        socket.Dispose();
    }
}
