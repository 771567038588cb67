using Diesel.Reactive.Protocols.Memcached;

namespace Diesel.Reactive.Tests;

/// <summary>Two hundred callers in four processes, one key.</summary>
[NonParallelizable]
public class MemcachedStampedeTests
{
    private const int Processes = 4;
    private const int Callers = 50;

    private MemcachedDaemon _server = null!;
    private Live _live = null!;
    private MemcachedClient _cache = null!;

    [SetUp]
    public void Start()
    {
        _server = new MemcachedDaemon();
        _live = new Live();
        _cache = new MemcachedClient($"{_server.EndPoint}", hub: _live.Hub);
    }

    [TearDown]
    public void Stop()
    {
        _cache?.Dispose();
        _live?.Dispose();
        _server?.Dispose();
    }

    [Test]
    public void A_cold_key_is_computed_once()
    {
        var told = Told("lives", static _ => { });
        Assert.That(told, Is.EqualTo(Enumerable.Repeat($"computed-1={Callers}", Processes)));
        Assert.That(Computed, Is.EqualTo(1));
    }

    [Test]
    public void When_who_computes_is_killed_one_other_does()
    {
        var told = Told("dies", static children =>
        {
            // The line of who computes comes at once; the others have nothing to say before it has died.
            var lines = children.Select(static child => Task.Run(child.Line)).ToArray();
            var winner = Task.WaitAny(lines, Live.Patience);
            Assert.That(lines[winner].Result, Is.EqualTo("computing"));
            children[winner].Signal("KILL");
            return [.. lines.Where((_, index) => index != winner)];
        });
        Assert.That(told, Is.EqualTo(Enumerable.Repeat($"computed-2={Callers}", Processes - 1)));
        Assert.That(Computed, Is.EqualTo(2));
    }

    [Test]
    public void Behind_an_invalidation_nobody_waits_and_all_but_one_get_the_stale_value()
    {
        _live.Await(_cache.Set("page", "stale"));
        _live.Await(_cache.Invalidate("page", TimeSpan.FromMinutes(5)));
        var told = Told("lives", static _ => { });
        Assert.That(told, Is.EquivalentTo(Enumerable.Repeat($"stale={Callers}", Processes - 1).Append($"computed-1=1 stale={Callers - 1}")));
        Assert.That(Computed, Is.EqualTo(1));
        Assert.That($"{_live.Await(_cache.Get("page"))}", Is.EqualTo("computed-1"));
    }

    private int Computed => int.Parse($"{_live.Await(_cache.Get("computed"))}", System.Globalization.CultureInfo.InvariantCulture);

    private string[] Told(string mode, Action<Child[]> meanwhile) => Told(mode, children =>
    {
        meanwhile(children);
        return [.. children.Select(static child => Task.Run(child.Line))];
    });

    private string[] Told(string mode, Func<Child[], Task<string?>[]> meanwhile)
    {
        var children = Enumerable.Range(0, Processes).Select(_ => new Child($"memcached-callers {_server.Port} {Callers} {mode}")).ToArray();
        try
        {
            foreach (var child in children)
            {
                Assert.That(child.Line(), Is.EqualTo("begun"));
            }

            _live.Await(_cache.Set("go", "now"));
            return [.. meanwhile(children).Select(line => _live.Await(line) ?? "nothing")];
        }
        finally
        {
            Array.ForEach(children, static child => child.Dispose());
        }
    }
}
