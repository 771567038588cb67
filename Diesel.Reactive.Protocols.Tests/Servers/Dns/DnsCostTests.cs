using Diesel.Reactive.Protocols.Dns;

namespace Diesel.Reactive.Tests;

/// <summary>What a query costs its client, with BIND as the server.</summary>
[NonParallelizable]
public class DnsCostTests
{
    private const int Callers = 64;
    private const int Each = 30;

    private static readonly DnsName[] Names = [.. Enumerable.Range(0, 400).Select(n => DnsName.Parse($"host{n}.example.test"))];

    private DnsDaemon _bind = null!;
    private Live _live = null!;

    [OneTimeSetUp]
    public void StartServer() => _bind = DnsDaemon.Bind();

    [OneTimeTearDown]
    public void StopServer() => _bind.Dispose();

    [SetUp]
    public void SetUp() => _live = new Live();

    [TearDown]
    public void TearDown() => _live.Dispose();

    [TestCase("dns", 1200)]
    [TestCase("tcp", 1300)]
    public void A_query_allocates_little(string scheme, int most)
    {
        using var client = new DnsClient($"{scheme}://{_bind.Server}", null, _live.Hub);
        Assert.That(Allocated(n => client.Query(Names[n % Names.Length], DnsType.A)), Is.LessThanOrEqualTo(most));
    }

    // What is awaited, and no more: 48 bytes.
    [Test]
    public void What_is_remembered_costs_what_is_awaited()
    {
        using var resolver = new Resolver(new ResolverOptions { Server = _bind.Server, HostsFile = null, ResolvConfFile = null }, _live.Hub);
        Assert.That(Allocated(n => resolver.Query(Names[n % 10], DnsType.A)), Is.LessThanOrEqualTo(64));
    }

    [Test]
    public void So_do_hosts()
    {
        using var resolver = new Resolver(new ResolverOptions { Server = _bind.Server, HostsFile = null, ResolvConfFile = null }, _live.Hub);
        string[] hosts = [.. Names.Take(10).Select(name => name.ToUnicode())];

        // Once a second it looks at the system's files and ways again.
        Assert.That(Allocated(n => resolver.Lookup(hosts[n % 10])), Is.LessThanOrEqualTo(200));
    }

    private double Allocated<T>(Func<int, Awaitable<T>> ask) => _live.Run(async () =>
    {
        await Ask(ask);
        var before = GC.GetAllocatedBytesForCurrentThread();
        await Ask(ask);
        var each = (GC.GetAllocatedBytesForCurrentThread() - before) / (double)(Callers * Each);
        TestContext.Out.WriteLine($"{each:0.0} bytes");
        return each;
    });

    private static Task Ask<T>(Func<int, Awaitable<T>> ask) => Task.WhenAll(Enumerable.Range(0, Callers).Select(async caller =>
    {
        for (var n = 0; n < Each; n++)
        {
            await ask(caller + n);
        }
    }));
}
