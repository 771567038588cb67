using Diesel.Reactive.Protocols;
using Diesel.Reactive.Protocols.Redis;

namespace Diesel.Reactive.Tests;

/// <summary>Commands that wait at the server: over connections of their own, and harmless when nobody waits for them any more.</summary>
public class RedisBlockingTests
{
    private const string Job = "*2\r\n$4\r\njobs\r\n$1\r\n7\r\n";

    private World _world = null!;
    private RedisStub _server = null!;
    private RedisClient _redis = null!;

    private static readonly TestCaseData[] Undone =
    [
        Undo(r => r.BLPop(Timeout.InfiniteTimeSpan, "jobs"), Job, "LPUSH jobs 7"),
        Undo(r => r.BRPop(Timeout.InfiniteTimeSpan, "jobs"), Job, "RPUSH jobs 7"),
        Undo(r => r.BLMPop(Timeout.InfiniteTimeSpan, ListEnd.Left, 2, "jobs"), "*2\r\n$4\r\njobs\r\n*2\r\n$1\r\n7\r\n$1\r\n8\r\n", "LPUSH jobs 8 7"),
        Undo(r => r.BLMPop(Timeout.InfiniteTimeSpan, ListEnd.Right, 2, "jobs"), "*2\r\n$4\r\njobs\r\n*2\r\n$1\r\n7\r\n$1\r\n8\r\n", "RPUSH jobs 8 7"),
        Undo(
            r => r.BLMove("jobs", "mine", Timeout.InfiniteTimeSpan), "$1\r\n7\r\n",
            "EVAL if redis.call('LREM', KEYS[2], ARGV[2], ARGV[1]) > 0 then redis.call(ARGV[3], KEYS[1], ARGV[1]) end 2 jobs mine 7 -1 LPUSH"),
        Undo(r => r.BZPopMin(Timeout.InfiniteTimeSpan, "jobs"), "*3\r\n$4\r\njobs\r\n$1\r\na\r\n,1.5\r\n", "ZADD jobs NX 1.5 a"),
        Undo(r => r.BZMPop(Timeout.InfiniteTimeSpan, highest: true, 2, "jobs"), "*2\r\n$4\r\njobs\r\n*2\r\n*2\r\n$1\r\na\r\n,2\r\n*2\r\n$1\r\nb\r\n,1\r\n", "ZADD jobs NX 2 a 1 b"),
    ];

    [SetUp]
    public void Begin()
    {
        _world = new World();
        _server = new RedisStub(_world);
        _redis = _server.Client();
    }

    [TearDown]
    public void End()
    {
        _redis.Dispose();
        _server.Dispose();
        _world.Dispose();
    }

    [Test]
    public void What_waits_holds_nobody_up()
    {
        var pop = _world.Watch(_redis.BLPop(Timeout.InfiniteTimeSpan, "jobs"));
        Assert.That(($"{_world.Watch(_redis.Ping())}", $"{pop}", _server.Dials), Is.EqualTo(("PONG |", "", 2)));
        _server.Wakes(Job);
        Assert.That($"{pop}", Is.EqualTo("(jobs, 7) |"));
    }

    [Test]
    public void One_that_only_reads_does_not_wait_for_ever_when_its_connection_is_lost()
    {
        _server.Answers = command => command.StartsWith("XREAD", StringComparison.Ordinal) ? [] : null;
        var read = _world.Watch(_redis.XRead(Timeout.InfiniteTimeSpan, null, ("stream", "$")));
        _server.Resets();
        Assert.That($"{read}", Is.EqualTo("#ReplyLostException"));
    }

    [Test]
    public void One_after_the_other_they_share_a_connection()
    {
        for (var n = 0; n < 5; n++)
        {
            var pop = _world.Watch(_redis.BLPop(Timeout.InfiniteTimeSpan, "jobs").Concat(_redis.BLPop(Timeout.InfiniteTimeSpan, "jobs")));
            _server.Wakes(Job);
            _server.Wakes(Job);
            Assert.That($"{pop}", Is.EqualTo("(jobs, 7) (jobs, 7) |"));
        }

        Assert.That(_server.Dials, Is.EqualTo(2));
    }

    [Test]
    public void Nothing_in_time_is_null()
    {
        var pop = _world.Watch(_redis.BLPop(TimeSpan.FromSeconds(60), "jobs"));
        _world.Passes(60);
        _server.Wakes("*-1\r\n");
        Assert.That($"{pop}", Is.EqualTo("null |"));
    }

    [Test]
    public void The_time_limit_comes_on_top_of_the_wait()
    {
        var pop = _world.Watch(_redis.BLPop(TimeSpan.FromSeconds(60), "jobs"));
        _world.Passes(64);
        Assert.That($"{pop}", Is.EqualTo(""));
        _world.Passes(2);
        Assert.That(pop.Error, Is.InstanceOf<TimeoutException>().With.Message.Contains("BLPOP"));
    }

    [Test]
    public void A_race_that_is_lost_ends_the_wait_at_the_server()
    {
        var race = _world.Watch(First.Of(_redis.BLPop(Timeout.InfiniteTimeSpan, "jobs"), _world.Hub.Sleep(TimeSpan.FromSeconds(3))).Select(first => first.Index));
        _world.Passes(3);
        Assert.That(($"{race}", _server.Blocked.Count, _server.Heard.Contains("CLIENT UNBLOCK 2")), Is.EqualTo(("1 |", 0, true)));
        _world.Passes(1);
        var again = _world.Watch(_redis.BLPop(Timeout.InfiniteTimeSpan, "jobs"));
        _server.Wakes(Job);
        Assert.That(($"{again}", _server.Dials), Is.EqualTo(("(jobs, 7) |", 2)), "The connection is lent again.");
    }

    [TestCaseSource(nameof(Undone))]
    public void What_arrives_for_one_who_has_left_is_given_back(object wait, string reply, string undoing)
    {
        var pop = ((Func<RedisClient, Func<World, IDisposable>>)wait)(_redis)(_world);
        _server.Answers = command => command.StartsWith("CLIENT UNBLOCK", StringComparison.Ordinal) ? ":0\r\n"u8.ToArray() : command == undoing ? ":1\r\n"u8.ToArray() : null;
        _world.Do(pop.Dispose);
        _server.Wakes(reply);
        Assert.That(_server.Heard, Has.Member(undoing));
        _world.Passes(2);
        Assert.That((_server.Connections.Count, _world.Trouble), Is.EqualTo((2, "")));
    }

    [TestCase("+OK\r\n")]
    [TestCase("*2\r\n*0\r\n*0\r\n")]
    public void What_cannot_be_given_back_is_told_and_holds_no_connection(string reply)
    {
        var pop = _world.Watch(_redis.BLPop(Timeout.InfiniteTimeSpan, "jobs"));
        _server.Answers = command => command.StartsWith("CLIENT UNBLOCK", StringComparison.Ordinal) ? ":0\r\n"u8.ToArray() : null;
        _world.Do(pop.Subscription!.Dispose);
        _server.Wakes(reply);
        _world.Passes(2);
        Assert.That((_server.Connections.Count, _world.Trouble), Is.EqualTo((1, "ProtocolException")));
    }

    [TestCase(0.1, 2)]
    [TestCase(1, 1)]
    public void A_connection_is_not_lent_again_while_its_last_wait_may_still_be_ended(double seconds, int open)
    {
        var pop = _world.Watch(_redis.BLPop(Timeout.InfiniteTimeSpan, "jobs"));

        // Whoever wants a new connection has to wait as well.
        _server.Answers = command => command == "PING" || command.StartsWith("CLIENT UNBLOCK", StringComparison.Ordinal) ? [] : command == "LPUSH jobs 7" ? ":1\r\n"u8.ToArray() : null;
        _world.Do(pop.Subscription!.Dispose);
        _server.Wakes(Job);
        _world.Watch(_redis.BLPop(Timeout.InfiniteTimeSpan, "jobs"));
        _world.Passes(seconds);
        Assert.That((_server.Heard.Contains("LPUSH jobs 7"), _server.Heard.Count(heard => heard == "BLPOP jobs 0"), _server.Connections.Count), Is.EqualTo((true, 1, open)));
    }

    [Test]
    public void Nothing_is_given_back_when_nothing_came()
    {
        var pop = _world.Watch(_redis.BLPop(Timeout.InfiniteTimeSpan, "jobs"));
        _world.Do(pop.Subscription!.Dispose);
        _world.Passes(2);
        Assert.That(_server.Heard, Has.None.StartWith("LPUSH"));
        Assert.That((_server.Connections.Count, _server.Blocked.Count), Is.EqualTo((2, 0)));
    }

    [Test]
    public void A_wait_that_is_not_known_yet_is_ended_a_little_later()
    {
        var pop = _world.Watch(_redis.BLPop(Timeout.InfiniteTimeSpan, "jobs"));
        var asked = 0;
        _server.Answers = command => command.StartsWith("CLIENT UNBLOCK", StringComparison.Ordinal) && asked++ < 2 ? ":0\r\n"u8.ToArray() : null;
        _world.Do(pop.Subscription!.Dispose);
        _world.Passes(0.3);
        Assert.That((asked, _server.Blocked.Count, _server.Connections.Count), Is.EqualTo((3, 0, 2)));
    }

    [TestCase("-NOPERM no\r\n")]
    [TestCase(":0\r\n")]
    [TestCase("")]
    public void A_wait_that_cannot_be_ended_is_ended_with_its_connection(string unblock)
    {
        var pop = _world.Watch(_redis.BLPop(Timeout.InfiniteTimeSpan, "jobs"));
        _server.Answers = command => command.StartsWith("CLIENT UNBLOCK", StringComparison.Ordinal) ? unblock.ToBytes().ToArray() : null;
        _world.Do(pop.Subscription!.Dispose);
        _world.Passes(1);
        Assert.That((_server.Blocked.Count, _world.Trouble), Is.EqualTo((0, "")));
    }

    [Test]
    public void Who_leaves_before_there_is_a_connection_takes_none()
    {
        var pop = new Story<(Bytes, Bytes)?>();
        _world.Do(() => _redis.BLPop(Timeout.InfiniteTimeSpan, "jobs").Subscribe(pop).Dispose());
        _world.Passes(2);
        Assert.That((_server.Blocked.Count, _server.Heard.Exists(heard => heard.StartsWith("BLPOP", StringComparison.Ordinal))), Is.EqualTo((0, false)));
    }

    [Test]
    public void More_than_there_may_be_wait_for_one()
    {
        using var redis = _server.Client("", new() { MaxLeases = 2 });
        var all = Enumerable.Range(0, 3).Select(_ => _world.Watch(redis.BLPop(Timeout.InfiniteTimeSpan, "jobs"))).ToArray();
        Assert.That(_server.Blocked, Has.Count.EqualTo(2));
        _server.Wakes(Job);
        _world.Settle();
        Assert.That((_server.Blocked.Count, all.Count(pop => pop.IsCompleted)), Is.EqualTo((2, 1)));
    }

    [Test]
    public void A_connection_that_is_lost_is_told()
    {
        var pop = _world.Watch(_redis.BLPop(Timeout.InfiniteTimeSpan, "jobs"));
        _server.Resets();
        Assert.That($"{pop}", Is.EqualTo("#ReplyLostException"));
    }

    [Test]
    public void The_servers_no_is_told_and_the_connection_stays()
    {
        _server.Answers = command => command == "BLPOP jobs 0" ? "-WRONGTYPE no\r\n"u8.ToArray() : null;
        var pop = _world.Watch(_redis.BLPop(Timeout.InfiniteTimeSpan, "jobs"));
        Assert.That(($"{pop}", _server.Connections.Count), Is.EqualTo(("#RedisErrorException", 2)));
    }

    [Test]
    public void A_batch_does_not_wait() =>
        Assert.That(() => _redis.Batch(b => b.Ask(new RedisCommand<RespValue>("BLPOP", reply => reply, "jobs", 0) { Blocks = TimeSpan.FromSeconds(1) })), Throws.InstanceOf<NotSupportedException>());

    [Test]
    public void Less_than_nothing_is_no_time() => Assert.That(() => _redis.BLPop(TimeSpan.FromSeconds(-1), "jobs"), Throws.InstanceOf<ArgumentOutOfRangeException>());

    [Test]
    public void A_client_that_is_disposed_ends_its_waits()
    {
        var pop = _world.Watch(_redis.BLPop(Timeout.InfiniteTimeSpan, "jobs"));
        _redis.Dispose();
        _world.Passes(6);
        Assert.That((pop.Error is not null, _server.Blocked.Count), Is.EqualTo((true, 0)));
    }

    private static TestCaseData Undo<T>(Func<RedisClient, Awaitable<T>> wait, string reply, string undoing)
    {
        Func<RedisClient, Func<World, IDisposable>> begin = redis => world => world.Watch(wait(redis)).Subscription!;
        return new TestCaseData(begin, reply, undoing).SetArgDisplayNames(undoing);
    }
}
