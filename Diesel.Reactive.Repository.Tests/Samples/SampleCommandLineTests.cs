using System.Net;
using System.Net.Sockets;
using System.Runtime.InteropServices;

namespace Diesel.Reactive.Tests;

/// <summary>What all samples have in common: how they end, and what they say to a wrong argument.</summary>
[Parallelizable(ParallelScope.All)]
public class SampleCommandLineTests
{
    private static readonly string[] TcpServers =
        ["tcp-holla-server", "echo-2009", "handle-echo", "bluelet-echo", "bluelet-httpd", "twisted-hello", "twisted-upper", "twisted-memcached",
         "memcached-server", "sleep-server", "http", "httpd", "http-contract", "chat", "sse"];

    private static readonly string[] Servers = [.. TcpServers, "tcp-proxy", "udp-holla-server", "tls-echo-server", "udp-echo", "chat-console"];

    private static readonly string[] Clients = ["tcp-holla-client", "tls-echo-client", "udp-holla-client"];

    private static readonly string[] Programs =
    [
        "say-hi-forever", "print-every-second", "fork-dispatcher", "call-later", "call-later-cancel", "bluelet-crawler", "quickstart",
        "queue", "event", "countdown", "fire-wait", "newwait", "signals", "stdin",
    ];

    // Over before a signal could reach them, or tested with the server they need.
    private static readonly string[] Others =
        ["say-hi", "dispatch", "synchronized", "queue-fairness", "fanout", "thread-pool", "await-foreach", "holla-pool", "kv", "marbles", "simulate",
         "timer", "forker", "child-test", "keep-alive", "thread", "santa", "process-pool", "redis", "redis-subhub", "redis-lock", "redis-chat", "jobs", "beyond", "distributed-lock", "nats", "orleans", "starttls", "http-client", "http-client-driver", "crawler",
          "dns", "dig", "dns-proxy", "mongodb", "mongodb-tail", "memcached-client", "memcached-stampede", "aspnetcore", "aspnetcore-contract", "riak", "riak-bucket", "dashboard", "razor-page", "signalr-chat"];

    private static readonly string[] Running = [.. Servers, .. Clients, .. Programs];

    [Test]
    public void Every_sample_is_tested_for_its_end() =>
        Assert.That(Running.Concat(Others), Is.EquivalentTo(SampleBuild.Names));

    [Test]
    public async Task Ends_well_on_a_signal(
        [ValueSource(nameof(Running))] string sample, [Values(PosixSignal.SIGINT, PosixSignal.SIGTERM)] PosixSignal signal)
    {
        await using var process = await SampleProcess.Start(sample, Servers.Contains(sample) ? ["0"] : []);
        await process.ReadUntil(Clients.Contains(sample) ? "message> " : "\n");
        process.Send(signal);
        Assert.That(await process.End(), Is.EqualTo((0, "")));
    }

    [Test]
    public async Task A_server_with_an_open_connection_ends_well([ValueSource(nameof(TcpServers))] string sample)
    {
        var (process, server) = await SampleProcess.Serve(sample);
        await using var _ = process;
        using (var socket = await SampleTalk.Connect(server))
        {
            process.Send(PosixSignal.SIGTERM);
            Assert.That(await SampleTalk.InTime(socket.ReceiveAsync(new byte[1].AsMemory())), Is.Zero);
        }

        Assert.That(await process.End(), Is.EqualTo((0, "")));
    }

    [TestCase("-1")]
    [TestCase("65536")]
    [TestCase("4321.0")]
    [TestCase("")]
    public Task Knows_what_is_no_port(string port) => A_server_says_what_is_wrong_with_its_port("tcp-holla-server", port);

    [Test]
    public async Task A_server_says_what_is_wrong_with_its_port([ValueSource(nameof(Servers))] string sample, [Values("http")] string port) =>
        Assert.That(await Run(sample, port), Is.EqualTo(
            (2, $"{sample}: '{port}' is not a port. Give a number from 0 to 65535; 0 lets the system choose.\n")));

    [Test]
    public async Task A_client_says_what_is_wrong_with_its_port([ValueSource(nameof(Clients))] string sample, [Values("http", "0")] string port) =>
        Assert.That(await Run(sample, "localhost", port), Is.EqualTo(
            (2, $"{sample}: '{port}' is not a port. Give a number from 1 to 65535.\n")));

    [TestCase("twisted-upper", "[PORT]", "0", "more")]
    [TestCase("tcp-holla-client", "[HOST [PORT]]", "localhost", "4321", "more")]
    [TestCase("bluelet-httpd", "[PORT [FOLDER]]", "0", ".", "more")]
    [TestCase("tcp-proxy", "[PORT [HOST [PORT]]]", "0", "localhost", "4321", "more")]
    public async Task Says_which_argument_is_too_many(string sample, string usage, params string[] args) =>
        Assert.That(await Run(sample, args), Is.EqualTo((2, $"{sample}: there is no use for the argument 'more'. Usage: {sample} {usage}\n")));

    [Test]
    public async Task Bluelet_httpd_says_that_its_folder_is_missing() =>
        Assert.That(await Run("bluelet-httpd", "0", "/no/such/folder"), Is.EqualTo(
            (2, "bluelet-httpd: there is no folder /no/such/folder. Name one that exists as the second argument.\n")));

    [Test]
    public async Task A_server_says_that_its_port_is_in_use([ValueSource(nameof(Servers))] string sample)
    {
        using var holder = sample.StartsWith("udp", StringComparison.Ordinal)
            ? new Socket(SocketType.Dgram, ProtocolType.Udp)
            : new Socket(SocketType.Stream, ProtocolType.Tcp);
        holder.Bind(new IPEndPoint(IPAddress.Any, 0));
        if (holder.SocketType == SocketType.Stream)
        {
            holder.Listen();
        }

        var port = ((IPEndPoint)holder.LocalEndPoint!).Port;
        var (code, errors) = await Run(sample, $"{port}");
        Assert.That(code, Is.EqualTo(1));
        Assert.That(errors, Does.Match($@"^{sample}: Cannot (listen|bind) \w+ 127\.0\.0\.1:{port}: the port is in use\. .*\n$"));
    }

    private static async Task<(int Code, string Errors)> Run(string sample, params string[] args)
    {
        await using var process = await SampleProcess.Start(sample, args);
        return await process.End();
    }
}
