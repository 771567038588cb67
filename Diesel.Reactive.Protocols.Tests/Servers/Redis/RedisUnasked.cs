namespace Diesel.Reactive.Tests;

/// <summary>What a Redis server understands and there is no method for, and why not.</summary>
internal static class RedisUnasked
{
    private const string Milliseconds = "its twin counts in milliseconds, and is what the method says";
    private const string Deprecated = "the server itself calls it deprecated";
    private const string Connection = "the client's own: the connection string and the options say it, and RedisSession where it changes";
    private const string Subscriptions = "RedisSubHub gives what is published as observables";
    private const string Replication = "spoken between servers";
    private const string Cluster = "said before a command that a cluster has moved, by whoever follows it there";
    private const string SelfTest = "for the server's own tests";
    private const string ForPeople = "text for people at redis-cli; Command(…) reads it";

    /// <summary>Commands, with their subcommands.</summary>
    public static readonly Dictionary<string, string> Commands = new()
    {
        ["EXPIRE"] = Milliseconds,
        ["EXPIREAT"] = Milliseconds,
        ["EXPIRETIME"] = Milliseconds,
        ["SETEX"] = Milliseconds,
        ["TTL"] = Milliseconds,
        ["BRPOPLPUSH"] = Deprecated,
        ["CLUSTER SLAVES"] = Deprecated,
        ["GEORADIUS"] = Deprecated,
        ["GEORADIUS_RO"] = Deprecated,
        ["GEORADIUSBYMEMBER"] = Deprecated,
        ["GEORADIUSBYMEMBER_RO"] = Deprecated,
        ["HMSET"] = Deprecated,
        ["SLAVEOF"] = Deprecated,
        ["SUBSTR"] = Deprecated,
        ["ZRANGEBYLEX"] = Deprecated,
        ["ZRANGEBYSCORE"] = Deprecated,
        ["ZREVRANGE"] = Deprecated,
        ["ZREVRANGEBYLEX"] = Deprecated,
        ["ZREVRANGEBYSCORE"] = Deprecated,
        ["AUTH"] = Connection,
        ["HELLO"] = Connection,
        ["QUIT"] = "Dispose closes a connection",
        ["RESET"] = "would undo what the client has said for all",
        ["SELECT"] = Connection,
        ["CLIENT REPLY"] = "no caller would be answered any more",
        ["CLIENT TRACKING"] = "the cache of a client says it itself",
        ["CLIENT CACHING"] = "the cache of a client says it itself",
        ["MULTI"] = "Transaction",
        ["EXEC"] = "Transaction",
        ["DISCARD"] = "Transaction: what is not sent needs no discarding",
        ["WATCH"] = "client.Watch, and RedisSession",
        ["UNWATCH"] = "client.Watch, and RedisSession",
        ["WAIT"] = "RedisSession: it counts what its own connection has written",
        ["MONITOR"] = "client.Monitor gives a stream",
        ["SUBSCRIBE"] = Subscriptions,
        ["UNSUBSCRIBE"] = Subscriptions,
        ["PSUBSCRIBE"] = Subscriptions,
        ["PUNSUBSCRIBE"] = Subscriptions,
        ["SSUBSCRIBE"] = Subscriptions,
        ["SUNSUBSCRIBE"] = Subscriptions,
        ["PSYNC"] = Replication,
        ["REPLCONF"] = Replication,
        ["SYNC"] = Replication,
        ["ASKING"] = Cluster,
        ["READONLY"] = Cluster,
        ["READWRITE"] = Cluster,
        ["RESTORE-ASKING"] = Cluster,
        ["DEBUG"] = SelfTest,
        ["PFDEBUG"] = SelfTest,
        ["PFSELFTEST"] = SelfTest,
        ["COMMAND"] = "CommandInfo without names says the same",
        ["SCRIPT DEBUG"] = "a debugger holds the server, for a person at redis-cli --ldb",
    };

    /// <summary>Options of commands there is a method for.</summary>
    public static readonly Dictionary<string, string> Options = new()
    {
        ["CLIENT KILL SLAVE"] = "REPLICA is its name",
        ["GETEX EX"] = Milliseconds,
        ["GETEX EXAT"] = Milliseconds,
        ["SET EX"] = Milliseconds,
        ["SET EXAT"] = Milliseconds,
    };

    /// <summary>Why there is no method; null: nothing is agreed.</summary>
    public static string? Why(string command) => command.EndsWith(" HELP", StringComparison.Ordinal) ? ForPeople : Commands.GetValueOrDefault(command);

    /// <summary>Whether the server is the reason.</summary>
    public static bool IsDeprecated(string command) => Commands.GetValueOrDefault(command) == Deprecated;
}
