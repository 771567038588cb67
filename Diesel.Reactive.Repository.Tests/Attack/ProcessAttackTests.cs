using System.Runtime.InteropServices;

namespace Diesel.Reactive.Tests;

/// <summary>What is done to the process itself: signals, a stop, a lack of descriptors.</summary>
[Platform("Linux")]
public class ProcessAttackTests
{
    private const int Stop = 19;
    private const int Continue = 18;
    private const int Pipe = 13;
    private const int Urgent = 23;
    private const int WindowSize = 28;

    private AttackedServer _server = null!;

    [SetUp]
    public async Task Start() => _server = await AttackedServer.Start();

    [TearDown]
    public async Task End() => await _server.DisposeAsync();

    [Test]
    public Task Signals_that_mean_nothing_to_it() => _server.Bears(attack => attack.OnEach(1, _ => attack.Slowly(() =>
    {
        foreach (var signal in new[] { Pipe, Urgent, WindowSize, Continue })
        {
            _server.Process.Send(signal);
        }

        return Task.CompletedTask;
    })), mebibytes: 32);

    [Test]
    public async Task A_stop_in_which_clients_come_ask_and_go()
    {
        var before = await SampleTalk.Connect(_server.EndPoint);
        _server.Process.Send(Stop);
        await SampleTalk.Say(before, "before\r\n");
        var gone = await SampleTalk.Connect(_server.EndPoint);
        await SampleTalk.Say(gone, "gone\r\n");
        gone.Dispose();
        var meanwhile = await Task.WhenAll(Enumerable.Range(0, 50).Select(_ => SampleTalk.Connect(_server.EndPoint)));
        await Task.WhenAll(meanwhile.Select(socket => SampleTalk.Say(socket, "meanwhile\r\n")));
        _server.Process.Send(Continue);
        Assert.That(await SampleTalk.Ask(before, []), Is.EqualTo("BEFORE\r\n"));
        Assert.That((await Task.WhenAll(meanwhile.Select(socket => SampleTalk.Ask(socket, [])))).Distinct(), Is.EqualTo(new[] { "MEANWHILE\r\n" }));
        Array.ForEach(meanwhile, socket => socket.Dispose());
        before.Dispose();
    }

    [Test]
    public async Task A_lack_of_descriptors_that_ends()
    {
        await _server.Limit(20);
        await _server.Bears(attack => attack.OnEach(60, socket => SampleTalk.Say(socket, "is there room?\r\n")), mebibytes: 48);
        Assert.That(await SampleTalk.Ask(_server.EndPoint, ["again\r\n"]), Is.EqualTo("AGAIN\r\n"));
    }

    [Test]
    public async Task Its_end_comes_though_it_is_flooded()
    {
        using var attack = new Attack(_server.EndPoint).EndsInTime();
        byte[] lines = [.. Enumerable.Repeat("a line\r\n"u8.ToArray(), 1000).SelectMany(line => line)];
        var flood = attack.OnEach(8, socket => Task.WhenAll(attack.Floods(socket, lines), attack.Drains(socket)));
        var silent = attack.OnEach(8, _ => Task.CompletedTask);
        await silent;
        _server.Process.Send(PosixSignal.SIGTERM);
        Assert.That(await _server.Process.End(), Is.EqualTo((0, "")));
        await flood;
    }
}
