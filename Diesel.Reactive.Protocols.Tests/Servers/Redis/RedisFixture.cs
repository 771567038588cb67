using Diesel.Reactive.Protocols.Redis;

namespace Diesel.Reactive.Tests;

/// <summary>A server of a fixture's own that holds nothing when a test begins, and a client of it.</summary>
public abstract class RedisFixture(RespVersion? version = null)
{
    protected RespVersion? Version => version;

    internal RedisServer Server { get; private set; } = null!;

    internal Live Live { get; private set; } = null!;

    internal RedisClient Redis { get; private set; } = null!;

    /// <summary>What the client is told besides where the server is.</summary>
    protected virtual RedisOptions Options => new() { Protocol = version };

    [OneTimeSetUp]
    public void Start()
    {
        Server = NewServer();
        Live = new Live();
        Redis = Client();
    }

    [OneTimeTearDown]
    public void Stop()
    {
        Redis?.Dispose();
        Live?.Dispose();
        Server?.Dispose();
    }

    [SetUp]
    public void Empty() => Get(Redis.FlushAll());

    private protected virtual RedisServer NewServer() => RedisServer.Start();

    private protected RedisClient Client(RedisOptions? options = null) => new(Server.Uri(), options ?? Options, Live.Hub);

    private protected T Get<T>(IObservable<T> asked) => Live.Await(asked);

    /// <summary>How many wait at the server.</summary>
    private protected async Task<int> Blocked() => (await Redis.ClientList()).Count(client => client["flags"].Contains('b', StringComparison.Ordinal));

    private protected void Until(Func<Task<bool>> holds) => Live.Run(() => Becomes(holds));

    /// <summary>The same within a loop.</summary>
    private protected async Task Becomes(Func<Task<bool>> holds)
    {
        while (!await holds())
        {
            await Live.Hub.Sleep(TimeSpan.FromMilliseconds(5));
        }
    }

    /// <summary>What a call failed with.</summary>
    private protected static async Task<Exception?> Failure(IObservable<object?> asked)
    {
        try
        {
            await asked.ToAwaitable();
            return null;
        }
        catch (Exception error)
        {
            return error;
        }
    }

    private protected Task Becomes(Func<bool> holds) => Becomes(() => Task.FromResult(holds()));
}
