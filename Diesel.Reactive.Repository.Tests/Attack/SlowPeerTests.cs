using System.Net.Sockets;

namespace Diesel.Reactive.Tests;

/// <summary>Peers that say little, or hear little, cost a server little.</summary>
[Platform("Linux")]
public class SlowPeerTests
{
    private static readonly byte[] Lines = [.. Enumerable.Repeat("a line of no great length\r\n"u8.ToArray(), 1000).SelectMany(line => line)];

    private static readonly int Many = Live.IsSoak ? 2000 : 200;
    private static readonly int Some = Live.IsSoak ? 100 : 50;

    private AttackedServer _server = null!;

    [SetUp]
    public async Task Start() => _server = await AttackedServer.Start();

    [TearDown]
    public async Task Stop() => await _server.DisposeAsync();

    [Test]
    public Task Who_never_say_a_word() => _server.Bears(attack => attack.OnEach(Many, _ => Task.CompletedTask), mebibytes: 32);

    [Test]
    public Task Whose_line_comes_byte_by_byte() => _server.Bears(
        attack => attack.OnEach(Many, socket => attack.Slowly(() => SampleTalk.Say(socket, "x"))), mebibytes: 48);

    [Test]
    public Task Who_ask_and_never_read() => _server.Bears(attack => attack.OnEach(Some, socket => attack.Floods(socket, Lines)), mebibytes: 128);

    [Test]
    public Task Who_ask_much_and_read_byte_by_byte() => _server.Bears(
        attack => attack.OnEach(Some, socket => Task.WhenAll(
            attack.Floods(socket, Lines),
            attack.Slowly(async () => await socket.ReceiveAsync(new byte[1], SocketFlags.None, attack.Over)))),
        mebibytes: 128);
}
