using System.Net;
using System.Text.RegularExpressions;
using Diesel.Reactive.Protocols.Memcached;

namespace Diesel.Reactive.Tests;

/// <summary>The service beside Debian's memcached, and graded by libmemcached's own tool.</summary>
[TestFixture]
public sealed class MemcachedServiceTests
{
    private const string Package = "memcached";

    // Flags of more than 32 bits memcached cuts; and it loses the answers that wait when a key of a get is too long.
    private static readonly Regex[] Agreed = [new(@"^\w+ a 4294967296 "), new(@"^get (a )?k{251}")];

    private Live _live = null!;
    private MemcachedService _service = null!;

    [SetUp]
    public void Start()
    {
        _live = new Live();
        _service = _live.Starts(new MemcachedService(new IPEndPoint(IPAddress.Loopback, 0)));
    }

    [TearDown]
    public async Task Stop()
    {
        await _service.DisposeAsync();
        _live.Dispose();
    }

    [Test]
    public void What_memcached_answers_it_answers()
    {
        var endPoint = Daemon.FreePort();
        using var server = new Daemon("/usr/bin/memcached", Package, null, endPoint, "-u", "nobody", "-l", "127.0.0.1", "-p", $"{endPoint.Port}", "-U", "0", "-t", "1");
        var differences = new List<string>();
        foreach (var script in MemcachedScript.All())
        {
            var (theirs, ours) = (MemcachedScript.Answers(endPoint, script), MemcachedScript.Answers(_service.EndPoint, script));
            if (theirs != ours && !Agreed.Any(one => one.IsMatch(script)))
            {
                differences.Add($"{Shown(script)}\n  memcached: {Shown(theirs)}\n  ours:      {Shown(ours)}");
            }
        }

        TestContext.Out.WriteLine($"{MemcachedScript.All().Count()} conversations");
        Assert.That(MemcachedScript.All().Count(), Is.GreaterThanOrEqualTo(300));
        Assert.That(differences, Is.Empty, string.Join('\n', differences));
    }

    [Test]
    public void Memccapable_finds_nothing()
    {
        SampleTool.Require("/usr/bin/memccapable", "libmemcached-tools");
        var (code, text) = SampleTool.Run("/usr/bin/memccapable", "-h", "127.0.0.1", "-p", $"{_service.Port}").GetAwaiter().GetResult();
        Assert.That(text, Does.Contain("All tests passed"), text);
        Assert.That(System.Text.RegularExpressions.Regex.Count(text, @"\[pass\]"), Is.EqualTo(54), text);
        Assert.That(code, Is.Zero);
    }

    private static string Shown(string text) => (text.Length > 400 ? $"{text[..200]}…{text[^100..]}" : text).Replace("\r\n", "␍ ", StringComparison.Ordinal).Replace("\n", "␊", StringComparison.Ordinal);
}
