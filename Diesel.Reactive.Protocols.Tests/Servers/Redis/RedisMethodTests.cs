using System.Text.RegularExpressions;
using Diesel.Reactive.Protocols.Redis;

namespace Diesel.Reactive.Tests;

/// <summary>Every method asks a real server, which understands what it says, and whose reply it understands.</summary>
[TestFixture(RespVersion.Resp2)]
[TestFixture(RespVersion.Resp3)]
public partial class RedisMethodTests(RespVersion version)
{
    [Test]
    public void Every_method_is_understood_and_understands()
    {
        using var server = RedisServer.Start();
        using var live = new Live();
        using var redis = new RedisClient(server.Uri(), new() { Protocol = version }, live.Hub);
        var groups = live.Await(redis.CommandDocs()).ToDictionary(docs => docs.Key.ToUpperInvariant(), docs => docs.Value.ToItems().SkipWhile(item => item.ToText() != "group").ElementAt(1).ToText());
        var wrong = new List<string>();
        var understood = 0;
        foreach (var row in RedisCommandTests.All.Except(RedisClusterRows.All).Where(row => !row.Words.Contains("BLOCK 0 ", StringComparison.Ordinal)))
        {
            live.Await(redis.FlushAll());
            live.Await(redis.Batch(b => Prepare(b, row.Words.StartsWith("SORT", StringComparison.Ordinal) ? "list" : groups[row.Words.Split(' ')[0].ToUpperInvariant()])));
            try
            {
                live.Await(Task.Run(() => row.Ask(redis)));
                understood++;
            }
            catch (Exception refused) when (refused is EndOfStreamException || (refused is RedisErrorException && !Misunderstood().IsMatch(refused.Message)))
            {
                // It was understood: there is no such key, group, script, …
            }
            catch (Exception error)
            {
                wrong.Add($"{row.Words}: {error.GetType().Name} {error.Message}");
            }
        }

        TestContext.Out.WriteLine($"{understood} carried out");
        Assert.That(wrong, Is.Empty);
        Assert.That(understood, Is.GreaterThan(280));
    }

    [GeneratedRegex("syntax|number of arg|unknown|unsupported|not an integer|not a valid|must be|Protocol", RegexOptions.IgnoreCase)]
    private static partial Regex Misunderstood();

    private static void Prepare(IRedisCommands redis, string group)
    {
        switch (group)
        {
            case "string" or "bitmap":
                redis.Set("k", "7");
                redis.Set("l", "77");
                break;
            case "hash":
                redis.HSet("k", ("f", 1), ("g", 2));
                break;
            case "list":
                redis.RPush("k", "v", "a", "b");
                break;
            case "set":
                redis.SAdd("k", "a", "b");
                break;
            case "sorted-set":
                redis.ZAdd("k", default, new Scored("a", 1), new Scored("b", 2.5));
                break;
            case "geo":
                redis.GeoAdd("k", When.Always, countChanged: false, ("a", new GeoPosition(15, 37)), ("b", new GeoPosition(15.1, 37)));
                break;
            case "hyperloglog":
                redis.PfAdd("k", "a");
                break;
            case "stream":
                redis.XAdd("k", new XAddOptions { Id = new(5, 1) }, ("a", "b"));
                redis.XGroupCreate("k", "g", StreamId.Zero);
                redis.XGroupCreateConsumer("k", "g", "c");
                break;
            default:
                redis.Set("k", "v");
                break;
        }
    }
}
