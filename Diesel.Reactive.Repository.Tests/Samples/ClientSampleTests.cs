using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Diesel.Reactive.Tests;

/// <summary>The two clients, against their servers and against servers that do not answer in time.</summary>
[Parallelizable(ParallelScope.All)]
public class ClientSampleTests
{
    [TestCase("tcp-holla-server", "tcp-holla-client")]
    [TestCase("udp-holla-server", "udp-holla-client")]
    public async Task Prints_the_reply_to_each_line_until_the_input_ends(string serverSample, string clientSample)
    {
        var (server, endPoint) = await SampleProcess.Serve(serverSample);
        await using var _ = server;
        await using var client = await SampleProcess.Start(clientSample, "localhost", $"{endPoint.Port}");
        await client.Type("hello");
        await client.Type("");
        await client.Type("Straße");
        client.EndInput();
        Assert.That(await client.ReadToEnd(), Is.EqualTo("message> reply> HELLO\nmessage> reply> \nmessage> reply> STRAßE\nmessage> "));
        Assert.That(await client.End(), Is.EqualTo((0, "")));
    }

    [Test]
    public async Task Tcp_holla_client_does_not_take_a_late_reply_for_the_next_ones()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        await using var client = await SampleProcess.Start("tcp-holla-client", "127.0.0.1", $"{((IPEndPoint)listener.LocalEndpoint).Port}");
        await client.Type("first");
        using var first = await SampleTalk.InTime(listener.AcceptSocketAsync(CancellationToken.None));
        Assert.That(await client.Line(), Is.EqualTo("message> reply> nothing :-("));

        await client.Type("second");
        using var second = await SampleTalk.InTime(listener.AcceptSocketAsync(CancellationToken.None));
        await SampleTalk.Say(second, "SECOND\r\n");
        Assert.That(await client.Line(), Is.EqualTo("message> reply> SECOND"));
    }

    [Test]
    public async Task Udp_holla_client_does_not_take_a_late_reply_for_the_next_ones()
    {
        using var server = new UdpClient(new IPEndPoint(IPAddress.Loopback, 0));
        await using var client = await SampleProcess.Start("udp-holla-client", "127.0.0.1", $"{((IPEndPoint)server.Client.LocalEndPoint!).Port}");
        await client.Type("first");
        var first = await SampleTalk.InTime(server.ReceiveAsync(CancellationToken.None));
        Assert.That(Encoding.UTF8.GetString(first.Buffer), Is.EqualTo("first\r\n"));
        Assert.That(await client.Line(), Is.EqualTo("message> reply> nothing :-("));

        await server.SendAsync("FIRST\r\n"u8.ToArray(), first.RemoteEndPoint);
        await client.Type("second");
        var second = await SampleTalk.InTime(server.ReceiveAsync(CancellationToken.None));
        await server.SendAsync("SECOND\r\n"u8.ToArray(), second.RemoteEndPoint);
        Assert.That(await client.Line(), Is.EqualTo("message> reply> SECOND"));
    }

    [Test]
    public async Task Tcp_holla_client_says_that_nobody_listens()
    {
        using var unheard = new Socket(SocketType.Stream, ProtocolType.Tcp);
        unheard.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        var port = ((IPEndPoint)unheard.LocalEndPoint!).Port;
        await using var client = await SampleProcess.Start("tcp-holla-client", "127.0.0.1", $"{port}");
        await client.Type("anybody?");
        Assert.That(await client.End(), Is.EqualTo(
            (1, $"Cannot connect to 127.0.0.1:{port}: connection refused. Is something listening there?\n")));
    }

    [TestCase("tcp-holla-client")]
    [TestCase("udp-holla-client")]
    public async Task Says_that_the_host_is_unknown(string sample)
    {
        await using var client = await SampleProcess.Start(sample, "unknown.invalid");
        await client.Type("anybody?");
        var (code, errors) = await client.End();
        Assert.That(code, Is.EqualTo(1));
        Assert.That(errors, Does.Match("^Cannot find the host 'unknown.invalid': .*\n$"));
    }
}
