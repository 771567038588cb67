using System.Net.Sockets;

namespace Diesel.Reactive.Tests;

/// <summary>Peers that end in any way, and say things out of order.</summary>
[Platform("Linux")]
public class RudePeerTests
{
    private AttackedServer _server = null!;

    [SetUp]
    public async Task Start() => _server = await AttackedServer.Start();

    [TearDown]
    public async Task Stop() => await _server.DisposeAsync();

    [Test]
    public Task Who_reset_at_once() => _server.Bears(attack => attack.AgainAndAgain(8, socket =>
    {
        Reset(socket);
        return Task.CompletedTask;
    }), mebibytes: 64);

    [TestCase("half a line")]
    [TestCase("a line\r\nand another\r\n")]
    public Task Who_reset(string said) => _server.Bears(attack => attack.AgainAndAgain(8, async socket =>
    {
        await SampleTalk.Say(socket, said);
        Reset(socket);
    }), mebibytes: 64);

    [Test]
    public Task Who_reset_in_the_midst_of_a_flood() => _server.Bears(attack => attack.AgainAndAgain(8, async socket =>
    {
        for (var n = 0; n < 20; n++)
        {
            await socket.SendAsync(new byte[] { (byte)'x', (byte)'\r', (byte)'\n' }, attack.Over);
        }

        Reset(socket);
    }), mebibytes: 64);

    [Test]
    public Task Who_end_at_once_and_stay() => _server.Bears(attack => attack.OnEach(200, async socket =>
    {
        socket.Shutdown(SocketShutdown.Send);
        Assert.That(await SampleTalk.ReadToEnd(socket), Is.Empty);
    }), mebibytes: 64);

    [Test]
    public Task Who_end_behind_their_last_line_and_get_its_answer() => _server.Bears(attack => attack.AgainAndAgain(8, async socket =>
        Assert.That(await SampleTalk.Ask(socket, ["one\r\n", "two\r\nthr", "ee\r\n"]), Is.EqualTo("ONE\r\nTWO\r\nTHREE\r\n"))), mebibytes: 64);

    [Test]
    public Task Who_call_bytes_urgent() => _server.Bears(attack => attack.OnEach(8, async socket =>
    {
        while (!attack.IsOver)
        {
            await socket.SendAsync("ab"u8.ToArray());
            await socket.SendAsync("c"u8.ToArray(), SocketFlags.OutOfBand);
            await socket.SendAsync("d\r\n"u8.ToArray());
            Assert.That(await SampleTalk.Read(socket, 6), Is.EqualTo("ABCD\r\n"));
        }
    }), mebibytes: 64);

    private static void Reset(Socket socket)
    {
        socket.LingerState = new LingerOption(true, 0);
        socket.Dispose();
    }
}
