using Diesel.Reactive.Protocols;
using Diesel.Reactive.Protocols.Redis;

namespace Diesel.Reactive.Tests;

public class CommandKeysTests
{
    [TestCase("GET k", "k")]
    [TestCase("get k", "k")]
    [TestCase("SET k v", "k")]
    [TestCase("JSON.GET k $", "k")]
    [TestCase("PING", "")]
    [TestCase("PING k", "")]
    [TestCase("CLIENT INFO", "")]
    [TestCase("MGET a b c", "a b c")]
    [TestCase("MSET a 1 b 2", "a b")]
    [TestCase("RENAME a b", "a b")]
    [TestCase("LMOVE a b LEFT RIGHT", "a b")]
    [TestCase("SINTERSTORE d a b", "d a b")]
    [TestCase("BLPOP a b 0", "a b")]
    [TestCase("BLMPOP 0 2 a b LEFT", "a b")]
    [TestCase("LMPOP 2 a b LEFT", "a b")]
    [TestCase("LMPOP 9 a b", "a b")]
    [TestCase("LMPOP x a b", "")]
    [TestCase("LMPOP", "")]
    [TestCase("EVAL script 2 a b c", "a b")]
    [TestCase("EVALSHA sha 0 a", "")]
    [TestCase("FCALL f 1 a b", "a")]
    [TestCase("ZUNIONSTORE d 2 a b WEIGHTS 1 2", "d a b")]
    [TestCase("SORT k BY w_* STORE d", "k d")]
    [TestCase("GEORADIUS k 1 2 3 m STOREDIST d", "k d")]
    [TestCase("BITOP AND d a b", "d a b")]
    [TestCase("OBJECT ENCODING k", "k")]
    [TestCase("OBJECT HELP", "")]
    [TestCase("XGROUP CREATE k g $", "k")]
    [TestCase("XINFO STREAM k", "k")]
    [TestCase("MEMORY USAGE k", "k")]
    [TestCase("MEMORY DOCTOR", "")]
    [TestCase("XREAD COUNT 1 STREAMS a b 0 0", "a b")]
    [TestCase("XREADGROUP GROUP g c STREAMS a >", "a")]
    [TestCase("XREADGROUP GROUP streams streams STREAMS a >", "a")]
    [TestCase("MIGRATE h 1 k 0 1", "k")]
    [TestCase("PUBLISH c m", "")]
    [TestCase("SPUBLISH c m", "c")]
    public void Are_found_by_the_commands_shape(string command, string keys)
    {
        var words = command.Split(' ');
        Assert.That(Of(words[0], words[1..]), Is.EqualTo(keys));
    }

    [TestCase("OBJECT ENCODING", "k")]
    [TestCase("XGROUP CREATE", "k")]
    [TestCase("memory usage", "k")]
    public void Subcommands_may_be_part_of_the_name(string name, string key) => Assert.That(Of(name, [key, "x"]), Is.EqualTo(key));

    private static string Of(string name, string[] arguments) =>
        string.Join(' ', CommandKeys.Of(new RedisCommand<RespValue>(name, reply => reply, [.. arguments.Select(word => (Bytes)word)])));
}
