namespace Diesel.Reactive.Tests;

/// <summary>Peers that say much leave the others their turn.</summary>
[Platform("Linux")]
public class FloodTests
{
    private AttackedServer _server = null!;

    [SetUp]
    public async Task Start() => _server = await AttackedServer.Start();

    [TearDown]
    public async Task Stop() => await _server.DisposeAsync();

    [TestCase("\r\n")]
    [TestCase("a line of no great length\r\n")]
    public Task Of_lines(string line)
    {
        byte[] lines = [.. Enumerable.Repeat(line.ToBytes().ToArray(), 1000).SelectMany(bytes => bytes)];
        return _server.Bears(attack => attack.OnEach(8, socket => Task.WhenAll(attack.Floods(socket, lines), attack.Drains(socket))), mebibytes: 128);
    }

    [Test]
    public Task Of_lines_without_an_end() => _server.Bears(
        attack => attack.AgainAndAgain(8, socket => attack.Floods(socket, new byte[16 * 1024])), mebibytes: 128);

    [Test]
    public Task Of_connections_that_ask_once() => _server.Bears(
        attack => attack.AgainAndAgain(8, async socket => Assert.That(await SampleTalk.Ask(socket, ["once\r\n"]), Is.EqualTo("ONCE\r\n"))), mebibytes: 128);
}
