using Diesel.Reactive.Protocols.Riak;

namespace Diesel.Reactive.Tests;

/// <summary>Tests of what a node does, whoever it is: the one in memory, in virtual time; and with the environment variable <c>RIAK</c> (<c>host:port</c>, of KV 3.x, with the types
/// <c>mult</c>, <c>counters</c> and <c>sets</c>) that one as well. The fixture's name says which it was.</summary>
public abstract class RiakNodeFixture(string node)
{
    private const string InMemory = "the node in memory";

    private static readonly string? Real = Environment.GetEnvironmentVariable("RIAK") is { Length: > 0 } where ? where : null;

    /// <summary>Those there are.</summary>
    public static IEnumerable<string> Nodes => Real is null ? [InMemory] : [InMemory, Real];

    /// <summary>Runs a test with a client of the node.</summary>
    /// <param name="loop">The test; it is also given a name that nobody has used for a bucket.</param>
    private protected void Run(Func<RiakClient, string, Task> loop)
    {
        var mark = $"{Guid.NewGuid():N}"[..12];
        if (node == InMemory)
        {
            RiakPlay.Run(play => loop(play.Client, mark));
            return;
        }

        using var live = new Live();
        using var riak = new RiakClient(node, hub: live.Hub);
        live.Run(() => loop(riak, mark));
    }
}
