using System.Net;
using System.Net.Sockets;
using System.Runtime.InteropServices;

namespace Diesel.Reactive.Tests;

/// <summary>The proxy, between clients and a server of ours, and with nobody behind it.</summary>
[Parallelizable(ParallelScope.All)]
public class ProxySampleTests
{
    [Test]
    public async Task Passes_on_what_1000_clients_and_their_server_say()
    {
        var (server, behind) = await SampleProcess.Serve("twisted-upper");
        await using var _ = server;
        var (proxy, endPoint) = await SampleProcess.Serve("tcp-proxy", "127.0.0.1", $"{behind.Port}");
        await using var __ = proxy;
        Assert.That(await SampleTalk.Ask(endPoint, SampleTalk.ByteByByte("hello\r\n")), Is.EqualTo("HELLO\r\n"));
        Assert.That(await proxy.Line(), Is.EqualTo("1 passed on, 0 failed, 0 open; in all 7 bytes there, 7 back"));
        Assert.That(await SampleTalk.AskAtOnce(1000, endPoint, "hello\r\n"), Is.EqualTo(new[] { "HELLO\r\n" }));
    }

    [Test]
    public async Task Ends_well_in_the_middle_of_a_conversation()
    {
        var (server, behind) = await SampleProcess.Serve("bluelet-echo");
        await using var _ = server;
        var (proxy, endPoint) = await SampleProcess.Serve("tcp-proxy", "127.0.0.1", $"{behind.Port}");
        await using var __ = proxy;
        using (var socket = await SampleTalk.Connect(endPoint))
        {
            await SampleTalk.Say(socket, "hello");
            Assert.That(await SampleTalk.Read(socket, 5), Is.EqualTo("hello"));
            proxy.Send(PosixSignal.SIGTERM);
            Assert.That(await SampleTalk.InTime(socket.ReceiveAsync(new byte[1].AsMemory())), Is.Zero);
        }

        Assert.That(await proxy.End(), Is.EqualTo((0, "")));
    }

    [Test]
    public async Task Tells_that_nobody_is_behind_it_and_goes_on()
    {
        using var unheard = new Socket(SocketType.Stream, ProtocolType.Tcp);
        unheard.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        var port = ((IPEndPoint)unheard.LocalEndPoint!).Port;
        var (proxy, endPoint) = await SampleProcess.Serve("tcp-proxy", "127.0.0.1", $"{port}");
        await using var _ = proxy;
        Assert.That(await SampleTalk.Ask(endPoint, []), Is.Empty);
        Assert.That(await SampleTalk.Ask(endPoint, []), Is.Empty);
        proxy.Send(PosixSignal.SIGTERM);
        var (code, errors) = await proxy.End();
        Assert.That((code, errors.Split($"127.0.0.1:{port}: connection refused").Length), Is.EqualTo((0, 3)));
    }
}
