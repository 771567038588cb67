using Diesel.Reactive.Protocols.Redis;

namespace Diesel.Reactive.Tests;

/// <summary>What the server says it understands, and what there are methods for: what is missing is named.</summary>
public class RedisCommandCoverageTests
{
    private readonly RedisRow[] _rows = [.. RedisCommandTests.All];
    private RedisServer _server = null!;
    private Live _live = null!;
    private RedisClient _redis = null!;
    private Dictionary<string, IReadOnlyDictionary<string, RespValue>> _docs = null!;

    [OneTimeSetUp]
    public void Start()
    {
        _server = RedisServer.Start();
        _live = new Live();
        _redis = new RedisClient(_server.Uri(), hub: _live.Hub);
        _docs = [];
        foreach (var (name, docs) in _live.Await(_redis.CommandDocs()))
        {
            Add(name, docs);
        }
    }

    [OneTimeTearDown]
    public void Stop()
    {
        _redis?.Dispose();
        _live?.Dispose();
        _server?.Dispose();
    }

    [Test]
    public void Every_command_is_accounted_for()
    {
        var all = _live.Await(_redis.CommandList()).Select(name => name.ToUpperInvariant()).Where(name => !name.Contains('|')).ToArray();
        var missing = all.Where(name => !_rows.Any(row => IsOf(row, name)) && RedisUnasked.Why(name) is null).Order().ToArray();
        TestContext.Out.WriteLine($"{all.Length - missing.Length} of {all.Length}");
        Assert.That(missing, Is.Empty);
        Assert.That(all, Has.Length.GreaterThanOrEqualTo(240));
    }

    [Test]
    public void Every_subcommand_is_accounted_for() =>
        Assert.That(_docs.Keys.Where(name => name.Contains(' ') && !_rows.Any(row => IsOf(row, name)) && RedisUnasked.Why(name) is null).Order(), Is.Empty);

    [Test]
    public void Every_option_can_be_said() =>
        Assert.That(
            from docs in _docs
            let rows = _rows.Where(row => IsOf(row, docs.Key)).ToArray()
            where rows.Length > 0
            from token in Tokens(docs.Value)
            where !rows.Any(row => Says(row, docs.Key, token)) && !RedisUnasked.Options.ContainsKey($"{docs.Key} {token}")
            orderby docs.Key
            select $"{docs.Key} {token}",
            Is.Empty);

    [Test]
    public void Nothing_is_said_that_the_server_does_not_know() =>
        Assert.That(_rows.Where(row => !_docs.Keys.Any(name => IsOf(row, name)) && row.Words != "CLIENT INFO" && !row.Words.StartsWith("set ", StringComparison.Ordinal)).Select(row => row.Words), Is.Empty);

    [Test]
    public void An_exception_is_one_that_is_needed()
    {
        Assert.That(RedisUnasked.Commands.Keys.Where(name => !_docs.ContainsKey(name)), Is.Empty, "The server has no such command.");
        Assert.That(RedisUnasked.Commands.Keys.Where(name => _rows.Any(row => IsOf(row, name) && !_docs.Keys.Any(other => other.StartsWith($"{name} ", StringComparison.Ordinal)))), Is.Empty, "There is a method.");
        Assert.That(RedisUnasked.Commands.Keys.Where(name => RedisUnasked.IsDeprecated(name) && !IsDeprecated(_docs[name])), Is.Empty, "The server does not call it deprecated.");
        Assert.That(RedisUnasked.Options.Keys.Where(option => Find(option) is not { } docs || !Tokens(docs.Value).Contains(option[(docs.Key.Length + 1)..])), Is.Empty, "There is no such option.");
    }

    [Test]
    public void What_may_be_sent_again_changes_nothing()
    {
        var writes = Infos(_live.Await(_redis.CommandInfo())).Where(info => info.Flags.Contains("write")).Select(info => info.Name.ToUpperInvariant().Replace('|', ' ')).ToHashSet();
        Assert.That(writes, Has.Count.GreaterThan(80));
        Assert.That(_rows.Where(row => row.Reads && writes.Any(name => IsOf(row, name))).Select(row => row.Words), Is.Empty);
    }

    [Test]
    public void What_waits_is_refused_on_the_connection_that_all_share() =>
        Assert.That(
            Infos(_live.Await(_redis.CommandInfo())).Where(info => info.Flags.Contains("blocking") && !info.Name.StartsWith("xread", StringComparison.Ordinal)).Where(info => !IsRefused(info.Name)).Select(info => info.Name),
            Is.Empty);

    private static bool IsOf(RedisRow row, string name) => row.Words == name || row.Words.StartsWith($"{name} ", StringComparison.Ordinal);

    private static bool Says(RedisRow row, string name, string token) => row.Words[name.Length..].Split(' ').Contains(token, StringComparer.OrdinalIgnoreCase);

    private static bool IsDeprecated(IReadOnlyDictionary<string, RespValue> docs) =>
        docs.TryGetValue("doc_flags", out var flags) && flags.ToItems().Any(flag => flag.ToText() == "deprecated");

    private static IEnumerable<RedisCommandInfo> Infos(IEnumerable<RedisCommandInfo?> infos) =>
        infos.OfType<RedisCommandInfo>().SelectMany(info => info.Subcommands.Count > 0 ? info.Subcommands : [info]);

    // Arguments may be made of arguments.
    private static IEnumerable<string> Tokens(IReadOnlyDictionary<string, RespValue> docs) => !docs.TryGetValue("arguments", out var arguments) ? []
        : arguments.ToItems().Select(Named).SelectMany(argument => argument.TryGetValue("token", out var token) ? [token.ToText(), .. Tokens(argument)] : Tokens(argument));

    private static Dictionary<string, RespValue> Named(RespValue value) => value.ToItems().Chunk(2).ToDictionary(pair => pair[0].ToText(), pair => pair[1]);

    private bool IsRefused(string name)
    {
        try
        {
            _redis.Command(name, "k", 1);
            return false;
        }
        catch (NotSupportedException)
        {
            return true;
        }
    }

    private KeyValuePair<string, IReadOnlyDictionary<string, RespValue>>? Find(string option) =>
        _docs.Where(docs => option.StartsWith($"{docs.Key} ", StringComparison.Ordinal)).OrderBy(docs => docs.Key.Length).Select(docs => (KeyValuePair<string, IReadOnlyDictionary<string, RespValue>>?)docs).LastOrDefault();

    private void Add(string name, RespValue value)
    {
        var docs = Named(value);
        _docs.Add(name.ToUpperInvariant().Replace('|', ' '), docs);
        if (docs.TryGetValue("subcommands", out var subcommands))
        {
            foreach (var (subcommand, more) in Named(subcommands))
            {
                Add(subcommand, more);
            }
        }
    }
}
