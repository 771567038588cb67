using System.Net;

namespace Diesel.Reactive.Tests;

/// <summary>The memcached sample keeps to the tutorial's specification, and real clients get on with it.</summary>
[Parallelizable(ParallelScope.All)]
public class MemcachedSampleTests
{
    private static readonly string LongestKey = new('k', 250);
    private static readonly string LargestData = new('x', 1024 * 1024);

    // KEY is another key in each.
    private static readonly TestCaseData[] Conversations =
    [
        Talk("The longest key", $"set {LongestKey} 0 0 1\r\nx\r\nget {LongestKey}\r\n", $"STORED\r\nVALUE {LongestKey} 0 1\r\nx\r\nEND\r\n"),
        Talk("A longer key", $"set {LongestKey}k 0 0 1\r\nx\r\nget {LongestKey}k\r\n", "CLIENT_ERROR bad command line format\r\nCLIENT_ERROR bad command line format\r\n"),
        Talk("A key with a line feed", "set a\nb 0 0 1\r\nx\r\n", "CLIENT_ERROR bad command line format\r\n"),
        Talk("A key with a space", "set a b 0 0 1\r\nx\r\n", "CLIENT_ERROR bad command line format\r\nERROR\r\n"),
        Talk("The largest data", $"set KEY 0 0 1048576\r\n{LargestData}\r\nget KEY\r\n", $"STORED\r\nVALUE KEY 0 1048576\r\n{LargestData}\r\nEND\r\n"),
        Talk("Larger data", $"set KEY 0 0 1048577\r\n{LargestData}x\r\nget KEY\r\n", "SERVER_ERROR object too large for cache\r\nEND\r\n"),
        Talk("No data", "set KEY 1 0 0\r\n\r\nget KEY\r\n", "STORED\r\nVALUE KEY 1 0\r\n\r\nEND\r\n"),
        Talk("Data that is all line ends", "set KEY 1 0 4\r\n\r\n\r\n\r\nget KEY\r\n", "STORED\r\nVALUE KEY 1 4\r\n\r\n\r\n\r\nEND\r\n"),
        Talk("Data longer than said", "set KEY 0 0 1\r\nxyz\r\nget KEY\r\n", "CLIENT_ERROR bad data chunk\r\nEND\r\n"),
        Talk("A length that is none", "set KEY 0 0 -1\r\nget KEY\r\n", "CLIENT_ERROR bad command line format\r\nEND\r\n"),
        Talk("A length beyond all integers", "set KEY 0 0 99999999999\r\nget KEY\r\n", "CLIENT_ERROR bad command line format\r\nEND\r\n"),
        Talk("Flags that are none", "set KEY x 0 1\r\n1\r\nget KEY\r\n", "CLIENT_ERROR bad command line format\r\nEND\r\n"),
        Talk("Too few words", "set KEY 0 0\r\nget\r\n", "CLIENT_ERROR bad command line format\r\nCLIENT_ERROR bad command line format\r\n"),
        Talk("An endless line", new string('x', 3000), "CLIENT_ERROR line too long\r\n"),
        Talk("The last of two values", "set KEY 0 0 1\r\n1\r\nset KEY 9 0 1\r\n2\r\nget KEY\r\n", "STORED\r\nSTORED\r\nVALUE KEY 9 1\r\n2\r\nEND\r\n"),
        Talk("Several keys", "set one 0 0 1\r\n1\r\nset two 0 0 1\r\n2\r\nget one no two\r\n", "STORED\r\nSTORED\r\nVALUE one 0 1\r\n1\r\nVALUE two 0 1\r\n2\r\nEND\r\n"),
        Talk("A timeout of the past", "set KEY 0 0 1\r\n1\r\nset KEY 0 -1 1\r\n2\r\nget KEY\r\n", "STORED\r\nSTORED\r\nEND\r\n"),
        Talk("A timeout of the past, asked for in the same breath", "set KEY 0 -1 1\r\n2\r\nget KEY\r\nget KEY\r\n", "STORED\r\nEND\r\nEND\r\n"),
        Talk("A timeout of 68 years", "set KEY 0 2147483647 1\r\n1\r\nget KEY\r\n", "STORED\r\nVALUE KEY 0 1\r\n1\r\nEND\r\n"),
    ];

    private SampleProcess _process = null!;
    private IPEndPoint _server = null!;

    [OneTimeSetUp]
    public async Task Start() => (_process, _server) = await SampleProcess.Serve("twisted-memcached");

    [OneTimeTearDown]
    public async Task Stop()
    {
        if (_process is not null)
        {
            await _process.DisposeAsync();
        }
    }

    [TestCaseSource(nameof(Conversations))]
    public async Task Answers(string input, string answer)
    {
        var key = $"key-{TestContext.CurrentContext.Test.ID}";
        string Own(string text) => text.Replace("KEY", key, StringComparison.Ordinal);
        Assert.That(await SampleTalk.Ask(_server, [Own(input)]), Is.EqualTo(Own(answer)));
    }

    [Test]
    public async Task Clients_share_what_is_stored()
    {
        await SampleTalk.Ask(_server, ["set shared 0 0 1\r\nx\r\n"]);
        Assert.That(await SampleTalk.Ask(_server, ["get shared\r\n"]), Is.EqualTo("VALUE shared 0 1\r\nx\r\nEND\r\n"));
    }

    [Test]
    public async Task A_key_expires_and_setting_it_again_cancels_the_pending_expiry()
    {
        await SampleTalk.Ask(_server, ["set again 0 1 1\r\n1\r\nset again 0 0 1\r\n2\r\nset once 0 1 1\r\n1\r\n"]);
        await UntilGone("once");
        Assert.That(await SampleTalk.Ask(_server, ["get again\r\n"]), Is.EqualTo("VALUE again 0 1\r\n2\r\nEND\r\n"));
    }

    [Test]
    public async Task The_longest_unused_go_when_it_is_full()
    {
        var (process, server) = await SampleProcess.Serve("twisted-memcached");
        await using var _ = process;
        using var socket = await SampleTalk.Connect(server);
        foreach (var n in Enumerable.Range(0, 40))
        {
            await SampleTalk.Say(socket, $"get 0\r\nset {n} 0 0 1048576\r\n{LargestData}\r\nquit\r\n");
            await SampleTalk.ReadUntil(socket, "ERROR\r\n");
        }

        var kept = await SampleTalk.Ask(socket, [$"get {string.Join(' ', Enumerable.Range(0, 40))}\r\n"]);
        Assert.That(Keys(kept), Is.EqualTo(Enumerable.Range(10, 30).Prepend(0)));

        static IEnumerable<int> Keys(string answer) => answer.Split("VALUE ")[1..].Select(item => int.Parse(item[..item.IndexOf(' ', StringComparison.Ordinal)]));
    }

    [Test]
    public async Task Hangs_up_on_who_says_nothing_or_half_a_command()
    {
        using var silent = await SampleTalk.Connect(_server);
        using var slow = await SampleTalk.Connect(_server);
        await SampleTalk.Say(slow, "set k 0 0 10\r\nx");
        Assert.That((await SampleTalk.ReadToEnd(silent), await SampleTalk.ReadToEnd(slow)), Is.EqualTo(("", "")));
    }

    [Test]
    public async Task Gets_on_with_pymemcache()
    {
        SampleTool.Require("/usr/lib/python3/dist-packages/pymemcache/__init__.py", "python3-pymemcache");
        var (code, text) = await SampleTool.Run("/usr/bin/python3", "-c", $"""
            from pymemcache.client.base import Client
            client = Client('127.0.0.1:{_server.Port}')
            print(client.get('a'), client.set('a', b'x\r\ny'), client.get('a'))
            print(client.set('b', '2', noreply=False), client.get_many(['a', 'b', 'c']))
            """);
        Assert.That((code, text), Is.EqualTo((0, "None True b'x\\r\\ny'\nTrue {'a': b'x\\r\\ny', 'b': b'2'}\n")));
    }

    [Test]
    public async Task Gets_on_with_libmemcached()
    {
        SampleTool.Require("/usr/bin/memccat", "libmemcached-tools");
        var file = Path.Join(SampleFolder.Shared, "site.css");
        var (copied, _) = await SampleTool.Run("memccp", $"--servers=127.0.0.1:{_server.Port}", file);
        var (read, text) = await SampleTool.Run("memccat", $"--servers=127.0.0.1:{_server.Port}", "site.css");
        Assert.That((copied, read, text.TrimEnd()), Is.EqualTo((0, 0, "p { }")));
    }

    private static TestCaseData Talk(string name, string input, string answer) =>
        new TestCaseData(input, answer).SetArgDisplayNames(name);

    // Asks again and again until it is so: a deadline, no moment, is what is asserted.
    private async Task UntilGone(string key)
    {
        using var deadline = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        while (await SampleTalk.Ask(_server, [$"get {key}\r\n"]) != "END\r\n")
        {
            deadline.Token.ThrowIfCancellationRequested();
        }
    }
}
