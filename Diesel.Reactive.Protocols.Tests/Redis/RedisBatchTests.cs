using System.Text;
using Diesel.Reactive.Protocols;
using Diesel.Reactive.Protocols.Redis;

namespace Diesel.Reactive.Tests;

public class RedisBatchTests
{
    private World _world = null!;
    private RedisStub _server = null!;
    private RedisClient _redis = null!;

    [SetUp]
    public void SetUp()
    {
        _world = new World();
        _server = new RedisStub(_world);
        _redis = _server.Client();
    }

    [TearDown]
    public void TearDown()
    {
        _redis.Dispose();
        _server.Dispose();
        _world.Dispose();
    }

    [Test]
    public void Gives_the_values_of_its_commands() =>
        Assert.That(
            _world.Watch(_redis.Batch(b => (b.Set("k", "v"), b.Get("k"), b.Incr("n")))).Last, Is.EqualTo((true, (Bytes?)"v", 1L)));

    [Test]
    public void Gives_the_values_of_a_list() =>
        Assert.That(_world.Watch(_redis.Batch(b => Enumerable.Range(0, 3).Select(_ => b.Incr("n")))).Last, Is.EqualTo(new[] { 1L, 2, 3 }));

    [Test]
    public void Gives_the_one_value_that_is_asked_for() => Assert.That($"{_world.Watch(_redis.Batch(b => Then(b.Set("k", "v"), b.Get("k"))))}", Is.EqualTo("v |"));

    [Test]
    public void Is_done_when_all_are_answered() =>
        Assert.That(($"{_world.Watch(_redis.Batch(b => { b.Set("k", "v"); }))}", $"{_world.Watch(_redis.Get("k"))}"), Is.EqualTo(("() |", "v |")));

    [Test]
    public void Is_sent_again_by_each_that_awaits_it()
    {
        var batch = _redis.Batch(b => (b.Incr("n"), b.Incr("n")));
        Assert.That((_world.Watch(batch).Last, _world.Watch(batch).Last), Is.EqualTo(((1L, 2L), (3L, 4L))));
    }

    [Test]
    public void Fails_with_the_first_that_was_refused()
    {
        var error = (RedisBatchException)_world.Watch(_redis.Batch(b => (b.Incr("n"), b.Command("NONE"), b.Command("NEITHER")))).Error!;
        Assert.That((error.Index, error.Error.Message, error.Message), Is.EqualTo((1, "ERR unknown command 'NONE'", "Command 1 of a batch, NONE: ERR unknown command 'NONE'")));
        Assert.That($"{_world.Watch(_redis.Incr("n"))}", Is.EqualTo("2 |"));
    }

    [Test]
    public void Fails_with_a_reply_that_means_nothing_and_harms_nobody()
    {
        var odd = new RedisCommand<int>("PING", _ => throw new FormatException("no"));
        var (batch, transaction) = (_world.Watch(_redis.Batch(b => b.Ask(odd))), _world.Watch(_redis.Transaction(b => b.Ask(odd))));
        Assert.That(($"{batch}", $"{transaction}", $"{_world.Watch(_redis.Ping())}", _server.Dials), Is.EqualTo(("#FormatException", "#FormatException", "PONG |", 1)));
    }

    [Test]
    public void A_transaction_is_one() =>
        Assert.That((_world.Watch(_redis.Transaction(t => (t.Incr("hits"), t.Get("k")))).Last, Heard), Is.EqualTo(((1L, (Bytes?)null), "HELLO 3,MULTI,INCR hits,GET k,EXEC")));

    [Test]
    public void A_transaction_is_done_when_it_was_carried_out() =>
        Assert.That(($"{_world.Watch(_redis.Transaction(t => { t.Incr("n"); }))}", Heard), Is.EqualTo(("() |", "HELLO 3,MULTI,INCR n,EXEC")));

    [Test]
    public void A_transaction_tells_which_command_failed_within()
    {
        var error = (RedisBatchException)_world.Watch(_redis.Transaction(t => (t.Set("k", "v"), t.Incr("k")))).Error!;
        Assert.That((error.Index, $"{_world.Watch(_redis.Get("k"))}"), Is.EqualTo((1, "v |")));
    }

    [Test]
    public void A_transaction_tells_which_command_was_refused_beforehand()
    {
        _server.Answers = command => command == "EXEC" ? "-EXECABORT Transaction discarded because of previous errors.\r\n"u8.ToArray() : null;
        var error = (RedisBatchException)_world.Watch(_redis.Transaction(t => (t.Get("k"), t.Command("NONE")))).Error!;
        Assert.That((error.Index, error.Error.Code), Is.EqualTo((1, "ERR")));
    }

    [Test]
    public void A_transaction_is_never_sent_again()
    {
        _server.Answers = command =>
        {
            if (command == "EXEC")
            {
                _server.Connections[0].Abort();
            }

            return null;
        };
        var lost = _world.Watch(_redis.Transaction(t => t.Get("k")));
        _world.Passes(0.1);
        Assert.That(lost.Error, Is.InstanceOf<ReplyLostException>());
    }

    [Test]
    public void A_batch_that_only_reads_is_sent_again()
    {
        var isFirst = true;
        _server.Answers = command =>
        {
            if (command == "GET b" && isFirst)
            {
                isFirst = false;
                _server.Connections[0].Abort();
            }

            return null;
        };
        var batch = _world.Watch(_redis.Batch(b => (b.Get("a"), b.Get("b"))));
        _world.Passes(0.1);
        Assert.That((batch.Error, batch.Values.Count, _server.Dials), Is.EqualTo(((Exception?)null, 1, 2)));
    }

    [Test]
    public void A_batch_that_is_sent_again_begins_anew_and_takes_nobody_elses_reply()
    {
        _server.Answers = command => command switch
        {
            "GET a" => Encoding.ASCII.GetBytes($"$2\r\na{_server.Dials}\r\n"),
            "GET b" or "PING" when _server.Dials == 1 => [],
            "GET b" => "$1\r\nb\r\n"u8.ToArray(),
            _ => null,
        };
        var (batch, ping) = (_world.Watch(_redis.Batch(b => (b.Get("a"), b.Get("b")))), _world.Watch(_redis.Repeatable().Ping()));
        _server.Resets();
        _world.Passes(0.1);
        Assert.That((batch.Last, $"{ping}"), Is.EqualTo((((Bytes?)"a2", (Bytes?)"b"), "PONG |")));
    }

    [Test]
    public void Nobody_elses_command_comes_between()
    {
        _world.Watch(_redis.Ping());
        _world.Do(() =>
        {
            _redis.Get("a").Subscribe();
            _redis.Transaction(t => t.Incr("n")).Subscribe();
            _redis.Get("b").Subscribe();
        });
        Assert.That(Heard, Is.EqualTo("HELLO 3,PING,GET a,MULTI,INCR n,EXEC,GET b"));
    }

    [Test]
    public void One_that_is_late_is_told_so()
    {
        _server.Answers = command => command == "GET k" ? [] : null;
        var batch = _world.Watch(_redis.Batch(b => b.Get("k")));
        _world.Passes(5);
        Assert.That(batch.Error, Is.InstanceOf<TimeoutException>().With.Message.Contains("a batch of 1").And.Message.Contains("1 in flight"));
    }

    [Test]
    public void Has_a_command() => Assert.That(() => _redis.Batch(_ => { }), Throws.ArgumentException);

    [Test]
    public void Returns_what_its_commands_returned()
    {
        Assert.That(() => _redis.Batch(_ => _redis.Get("k")), Throws.ArgumentException);
        Assert.That(() => _redis.Batch(b => b.Get("k").Timeout(TimeSpan.FromSeconds(1))), Throws.ArgumentException);
    }

    [Test]
    public void Its_commands_cannot_be_awaited_alone()
    {
        Awaitable<Bytes?> get = null!;
        var batch = _redis.Batch(b => get = b.Get("k"));
        Assert.That((_world.Watch(get).Error?.GetType(), $"{_world.Watch(batch)}"), Is.EqualTo((typeof(InvalidOperationException), "null |")));
    }

    [Test]
    public void Takes_no_command_later()
    {
        IRedisCommands batch = null!;
        _redis.Batch(b => Then(batch = b, b.Get("k")));
        Assert.That(() => batch.Get("k"), Throws.InvalidOperationException);
    }

    private string Heard => string.Join(',', _server.Heard);

    private static T Then<T>(object first, T second) => first is null ? throw new ArgumentNullException(nameof(first)) : second;
}
