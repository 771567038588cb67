using Diesel.Reactive.Protocols.Memcached;

namespace Diesel.Reactive.Tests;

/// <summary>A server that sends what no server may: the caller is told, and the next call has a fresh connection.</summary>
public class MemcachedHostileTests
{
    private const int Port = 11211;

    private World _world = null!;
    private Peers _peers = null!;
    private MemcachedClient _cache = null!;

    // TOKEN is the one that was asked with.
    private static IEnumerable<TestCaseData> Replies() =>
    [
        Reply("A size beyond all integers", "VA 99999999999 O1\r\n"),
        Reply("A size beyond the limit", "VA 1048577 O1\r\n"),
        Reply("A size below zero", "VA -1 O1\r\n"),
        Reply("A size with a sign", "VA +1 O1\r\nx\r\n"),
        Reply("A size that is none", "VA x O1\r\n"),
        Reply("No size", "VA \r\n"),
        Reply("Data without an end", "VA 1 O1 f0\r\nxyz"),
        Reply("A line feed where the end should be", "VA 1 O1 f0\r\nx\n\n"),
        Reply("A value of a key that was not asked for", "VALUE other 0 1\r\nx\r\nEND\r\n"),
        Reply("A value without the token", "VA 1 f0\r\nx\r\n"),
        Reply("A value with another token", "VA 1 O2 f0\r\nx\r\n"),
        Reply("A header with another token", "HD O7\r\n"),
        Reply("A code that is none", "what is this\r\n"),
        Reply("A code in small letters", "va 1 O1 f0\r\nx\r\n"),
        Reply("No flags", "VA 1 O1\r\nx\r\n"),
        Reply("Flags that are none", "VA 1 O1 fx\r\nx\r\n"),
        Reply("The binary protocol", "\x81\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0"),
        Reply("Another protocol", "HTTP/1.1 400 Bad Request\r\n\r\n"),
        Reply("The end of a batch, too early", "MN\r\n"),
        Reply("A line that stores nothing", "STORED\r\n"),
        Reply("A carriage return alone", "EN\rx"),
        Reply("A line of a mebibyte", new string('x', 1024 * 1024)),
        Reply("A line of a mebibyte that begins well", $"VA 1 {new string('x', 1024 * 1024)}"),
        Reply("Something unasked behind the answer", "EN\r\nEN\r\n", isAnswered: true),
    ];

    [SetUp]
    public void Start()
    {
        _world = new World();
        _peers = _world.Listens(Port);
        _cache = new MemcachedClient("10.0.0.1", hub: _world.Hub);
    }

    [TearDown]
    public void Stop()
    {
        _cache.Dispose();
        _peers.Dispose();
        _world.Dispose();
    }

    [TestCaseSource(nameof(Replies))]
    public void Ends_its_connection(string reply, bool isAnswered)
    {
        var story = _world.Watch(_cache.Get("k"));
        _peers.Last.Sends(reply);
        _world.Passes(1);
        Assert.That((isAnswered ? $"{story}" : Broken(story.Error)), Is.EqualTo(isAnswered ? "null |" : nameof(ProtocolException)), $"{story.Error}");
        Assert.That(_peers.Last.Story, Does.EndWith("#").Or.EndWith("|"), "It is not used again.");

        story = _world.Watch(_cache.Get("k"));
        _world.Passes(1);
        Assert.That((_peers.Count, story.IsOver), Is.EqualTo((2, false)));
        _peers.Last.Sends("VA 1 O2 f0\r\nx\r\n");
        Assert.That($"{story}", Is.EqualTo("x |"));
        Assert.That(_world.Errors, Is.Empty);
    }

    [TestCase("CLIENT_ERROR bad data chunk\r\n", true)]
    [TestCase("CLIENT_ERROR line format\r\nERROR\r\n", true)]
    [TestCase("ERROR\r\n", true)]
    [TestCase("SERVER_ERROR object too large for cache\r\n", false)]
    [TestCase("SERVER_ERROR out of memory storing object\r\n", false)]
    public void A_value_that_is_refused_ends_it_where_the_value_may_be_read_as_commands(string reply, bool ends)
    {
        var story = _world.Watch(_cache.Set("k", "v"));
        var behind = _world.Watch(_cache.Get("k"));
        _peers.Last.Sends(reply);
        _world.Passes(1);
        Assert.That(story.Error, Is.TypeOf<MemcachedErrorException>());
        Assert.That(_peers.Count, Is.EqualTo(ends ? 2 : 1));
        if (!ends)
        {
            _peers.Last.Sends("EN\r\n");
            Assert.That($"{behind}", Is.EqualTo("null |"));
        }
    }

    [TestCase("MN\r\n", "2 of 2 missing")]
    [TestCase("VA 1 O0 f0\r\nx\r\nMN\r\n", "a=x")]
    [TestCase("VA 1 O1 f0\r\ny\r\nVA 1 O0 f0\r\nx\r\nMN\r\n", null)]
    [TestCase("VA 1 O0 f0\r\nx\r\nVA 1 O0 f0\r\nx\r\nMN\r\n", null)]
    [TestCase("VA 1 O2 f0\r\nx\r\nMN\r\n", null)]
    [TestCase("VA 1 O-1 f0\r\nx\r\nMN\r\n", null)]
    [TestCase("VA 1 f0\r\nx\r\nMN\r\n", null)]
    [TestCase("VA 1 O0\r\nx\r\nMN\r\n", null)]
    [TestCase("VA 1 O0 fx\r\nx\r\nMN\r\n", null)]
    [TestCase("HD O0\r\nMN\r\n", null)]
    [TestCase("EN\r\n", null)]
    public void A_batch_takes_what_was_asked_for_each_once_and_in_order(string reply, string? found)
    {
        var story = _world.Watch(_cache.GetMany("a", "b").Select(all => all.Count == 0 ? "2 of 2 missing" : string.Join(' ', all.Select(one => $"{one.Key}={one.Value}"))));
        _peers.Last.Sends(reply);
        _world.Passes(1);
        Assert.That(found is null ? Broken(story.Error) : $"{story}", Is.EqualTo(found is null ? nameof(ProtocolException) : $"{found} |"));
    }

    // These have no token; how they begin is what they are known by.
    [TestCase("info", "ME other exp=-1\r\n")]
    [TestCase("info", "ME k\r\n")]
    [TestCase("info", "MN\r\n")]
    [TestCase("version", "OK\r\n")]
    [TestCase("version", "VERSION\r\n")]
    [TestCase("version", "EN\r\n")]
    [TestCase("flush", "VERSION 1.6.18\r\n")]
    [TestCase("flush", "END\r\n")]
    [TestCase("stats", "VERSION 1.6.18\r\n")]
    [TestCase("stats", "VALUE k 0 1\r\nx\r\n")]
    public void An_answer_to_something_else_is_none(string asks, string reply)
    {
        var story = _world.Watch(asks switch
        {
            "info" => _cache.Info("k").Select(static all => $"{all}"),
            "version" => _cache.Version().Select(static all => all[0]),
            "flush" => _cache.Flush().Select(static _ => "done"),
            _ => _cache.Stats().Select(static one => $"{one}"),
        });

        // What only reads is sent again, once.
        for (var n = 0; n < 3 && !story.IsOver; n++)
        {
            _peers.Last.Sends(reply);
            _world.Passes(1);
        }

        Assert.That(Broken(story.Error), Is.EqualTo(nameof(ProtocolException)), $"{story} {story.Error}");
    }

    [Test]
    public void What_is_known_of_an_item_may_be_said_twice()
    {
        var story = _world.Watch(_cache.Info("k"));
        _peers.Last.Sends("ME k size=1 size=2 =3 nothing\r\n");
        Assert.That(story.Last!["size"], Is.EqualTo("1"));
    }

    [Test]
    public void What_is_announced_takes_no_memory()
    {
        using var cache = new MemcachedClient("10.0.0.1", new() { Limits = new() { MaxValue = int.MaxValue - 64 } }, _world.Hub);
        _world.Watch(cache.Get("k"));
        var before = GC.GetAllocatedBytesForCurrentThread();
        _peers.Last.Sends($"VA {int.MaxValue - 64} O1 f0\r\nx");
        Assert.That(GC.GetAllocatedBytesForCurrentThread() - before, Is.LessThan(1_000_000));
    }

    // What broke the protocol, told by the call whose reply was lost with the connection.
    private static string? Broken(Exception? error) => (error is ReplyLostException ? error.InnerException : error)?.GetType().Name;

    private static TestCaseData Reply(string name, string text, bool isAnswered = false) => new TestCaseData(text, isAnswered).SetArgDisplayNames(name);
}
