using System.Net;
using System.Text.RegularExpressions;

namespace Diesel.Reactive.Tests;

/// <summary>Each server sample answers alike, however its input is cut and however many ask.</summary>
[Parallelizable(ParallelScope.All)]
public partial class ServerSampleTests
{
    private static readonly string AllBytes = string.Concat(Enumerable.Range(0, 256).Select(value => (char)value));

    private static readonly TestCaseData[] Servers =
    [
        Server("tcp-holla-server", "hello\r\nä Lone \n LF\r\n", "HELLO\r\nä LONE \n LF\r\n"),
        Server("echo-2009", " \thi there \r\n", "you said: hi there\r\n"),
        Server("handle-echo", "woot!\r\nalright!\r\nbye\r\n", "you said: woot!\r\nyou said: alright!\r\nyou said: bye\r\n"),
        Server("bluelet-echo", AllBytes, AllBytes),
        Server("twisted-upper", "not a line", "NOT A LINE"),
        Server("bluelet-httpd", "GET /site.css HTTP/1.1\r\nHost: localhost\r\n\r\n", "HTTP/1.1 200 OK\r\nContent-Type: text/css\r\nContent-Length: 7\r\nConnection: close\r\n\r\np { }\r\n"),
        Server(
            "twisted-memcached",
            "set k 5 0 8\r\na\r\nb\r\nc \r\nget k\r\nget nothing\r\nflush it\r\n",
            "STORED\r\nVALUE k 5 8\r\na\r\nb\r\nc \r\nEND\r\nEND\r\nERROR\r\n"),
    ];

    [TestCaseSource(nameof(Servers))]
    public async Task Answers_alike_however_the_input_is_cut(string sample, string input, string answer)
    {
        var (process, server) = await Serve(sample);
        await using var _ = process;
        Assert.That(await Ask(server, SampleTalk.Whole(input)), Is.EqualTo(answer));
        Assert.That(await Ask(server, SampleTalk.ByteByByte(input)), Is.EqualTo(answer));
        for (var time = 0; time < 10; time++)
        {
            Assert.That(await Ask(server, SampleTalk.AtRandom(input)), Is.EqualTo(answer));
        }
    }

    [TestCaseSource(nameof(Servers))]
    public async Task Answers_1000_clients_at_once(string sample, string input, string answer)
    {
        var (process, server) = await Serve(sample);
        await using var _ = process;
        var answers = await SampleTalk.AskAtOnce(1000, server, input);
        Assert.That(answers.Select(WithoutDate).Distinct(), Is.EqualTo(new[] { answer }));
    }

    [Test]
    public async Task Twisted_hello_prints_what_arrives_however_it_is_cut()
    {
        var (process, server) = await SampleProcess.Serve("twisted-hello");
        await using var _ = process;
        foreach (var cut in new Func<string, IEnumerable<string>>[] { SampleTalk.Whole, SampleTalk.ByteByByte, SampleTalk.AtRandom })
        {
            Assert.That(await SampleTalk.Ask(server, cut("hello, world\n")), Is.Empty);
            Assert.That(await process.Line(), Is.EqualTo("hello, world"));
        }
    }

    [Test]
    public async Task Twisted_hello_prints_what_1000_clients_say_at_once()
    {
        var (process, server) = await SampleProcess.Serve("twisted-hello");
        await using var _ = process;
        Assert.That(await SampleTalk.AskAtOnce(1000, server, "hello\n"), Is.EqualTo(new[] { "" }));
        for (var client = 0; client < 1000; client++)
        {
            Assert.That(await process.Line(), Is.EqualTo("hello"));
        }
    }

    [Test]
    public async Task Udp_holla_server_answers_each_datagram_of_1000_clients()
    {
        var (process, server) = await SampleProcess.Serve("udp-holla-server");
        await using var _ = process;
        var replies = await Task.WhenAll(Enumerable.Range(0, 1000).Select(client => SampleTalk.AskDatagram(server, $"client {client}\r\n")));
        Assert.That(replies, Is.EqualTo(Enumerable.Range(0, 1000).Select(client => $"CLIENT {client}\r\n")));
    }

    [Test]
    public async Task Udp_holla_server_answers_an_empty_datagram_and_goes_on()
    {
        var (process, server) = await SampleProcess.Serve("udp-holla-server");
        await using var _ = process;
        Assert.That(await SampleTalk.AskDatagram(server, ""), Is.Empty);
        Assert.That(await SampleTalk.AskDatagram(server, "still there?"), Is.EqualTo("STILL THERE?"));
    }

    [Test]
    public async Task Echo_2009_hangs_up_after_one_line()
    {
        var (process, server) = await SampleProcess.Serve("echo-2009");
        await using var _ = process;
        using var socket = await SampleTalk.Connect(server);
        await SampleTalk.Say(socket, "first\r\n");
        Assert.That(await SampleTalk.Read(socket, "you said: first\r\n".Length), Is.EqualTo("you said: first\r\n"));
        Assert.That(await SampleTalk.InTime(socket.ReceiveAsync(new byte[1].AsMemory())), Is.Zero);
    }

    [TestCase("tcp-holla-server", "HELLO\r\n")]
    [TestCase("handle-echo", "you said: hello\r\n")]
    [TestCase("bluelet-echo", "hello\r\n")]
    public async Task Answers_nc(string sample, string answer)
    {
        SampleTool.Require("/usr/bin/nc", "netcat-openbsd");
        var (process, server) = await SampleProcess.Serve(sample);
        await using var _ = process;
        var (_, text) = await SampleTool.Run("sh", "-c", $"printf 'hello\\r\\n' | nc -N 127.0.0.1 {server.Port}");
        Assert.That(text, Is.EqualTo(answer));
    }

    private static TestCaseData Server(string sample, string input, string answer) =>
        new TestCaseData(sample, input, answer).SetArgDisplayNames(sample);

    private static async Task<(SampleProcess Process, IPEndPoint EndPoint)> Serve(string sample) => sample == "bluelet-httpd"
        ? await SampleProcess.Serve(sample, SampleFolder.Shared)
        : await SampleProcess.Serve(sample);

    private static async Task<string> Ask(IPEndPoint server, IEnumerable<string> pieces) => WithoutDate(await SampleTalk.Ask(server, pieces));

    private static string WithoutDate(string answer) => Date().Replace(answer, "");

    [GeneratedRegex("^Date: .*\n", RegexOptions.Multiline)]
    private static partial Regex Date();
}
