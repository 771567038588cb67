using Diesel.Reactive.Protocols.Dns;

namespace Diesel.Reactive.Tests;

/// <summary>A scripted server of names in virtual time.</summary>
public abstract class DnsFixture
{
    private protected World World { get; private set; } = null!;

    private protected DnsStub Server { get; set; } = null!;

    [SetUp]
    public void StartServer()
    {
        World = new World();
        Server = new DnsStub(World);
    }

    [TearDown]
    public void StopServer()
    {
        Server.Dispose();
        World.Dispose();
    }

    /// <summary>The records, or the error.</summary>
    private protected static string Told(Story<DnsReply> reply) => reply.Error is { } error ? error.Message : string.Join(';', reply.Last.Answers).Replace('\t', ' ');
}

/// <summary>The same, with a client of it.</summary>
public abstract class DnsClientFixture : DnsFixture
{
    private protected DnsClient Client { get; private set; } = null!;

    [SetUp]
    public void StartClient() => Client = Server.Client();

    [TearDown]
    public void StopClient() => Client.Dispose();
}

/// <summary>The same, with a resolver that asks it.</summary>
public abstract class DnsResolverFixture : DnsFixture
{
    private protected Resolver Resolver { get; private set; } = null!;

    [SetUp]
    public void StartResolver() => Resolver = Server.Resolver();

    [TearDown]
    public void StopResolver() => Resolver.Dispose();

    private protected string Lookup(string host)
    {
        var story = World.Watch(Resolver.Lookup(host));
        World.Passes(0.1);
        return story.Error is DnsException error ? error.Code.Print() : string.Join(' ', story.Last);
    }

    private protected Story<DnsReply> Query(string name, DnsType type) => World.Watch(Resolver.Query(name, type));
}
