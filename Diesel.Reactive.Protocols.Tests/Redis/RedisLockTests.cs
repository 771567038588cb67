using Diesel.Reactive.Protocols;
using Diesel.Reactive.Protocols.Redis;

namespace Diesel.Reactive.Tests;

public class RedisLockTests
{
    private static readonly TimeSpan Expiry = TimeSpan.FromSeconds(3);

    private World _world = null!;
    private RedisFake _server = null!;
    private RedisClient _redis = null!;
    private RedisClient _other = null!;

    [SetUp]
    public void SetUp()
    {
        _world = new World();
        _server = new RedisFake(_world);
        (_redis, _other) = (_server.Client(), _server.Client());
    }

    [TearDown]
    public void TearDown()
    {
        _redis.Dispose();
        _other.Dispose();
        _server.Dispose();
        _world.Dispose();
    }

    [Test]
    public void One_holds_it_and_the_next_gets_it_when_that_is_released()
    {
        var (first, second) = (Acquires(_redis), Acquires(_other));
        Assert.That((first.IsCompleted, second.IsOver), Is.EqualTo((true, false)));
        _world.Do(first.Last.Dispose);
        _world.Settle();
        Assert.That((second.IsCompleted, second.Last.Fence > first.Last.Fence, $"{_server.Data.Get("job")}"), Is.EqualTo((true, true, second.Last.Token)));
    }

    [Test]
    public void Waiters_of_one_client_are_served_in_the_order_they_came()
    {
        var order = new List<int>();
        var all = Enumerable.Range(0, 5).Select(n => _world.Watch(_redis.Lock("job", Expiry).Acquire().Do(_ => order.Add(n)))).ToArray();
        foreach (var each in all)
        {
            _world.Settle();
            _world.Do(each.Last.Dispose);
        }

        _world.Passes(1);
        Assert.That((order, _server.Data.Get("job")), Is.EqualTo((Enumerable.Range(0, 5), (Bytes?)null)));
    }

    [Test]
    public void Who_waits_asks_thrice_at_most_and_is_told_in_between()
    {
        var first = Acquires(_redis, TimeSpan.FromHours(1));
        Acquires(_other, TimeSpan.FromHours(1));
        _world.Passes(600);
        _world.Do(first.Last.Dispose);
        _world.Settle();
        Assert.That(_server.Heard.Count(IsAboutAcquiring), Is.EqualTo(4));
    }

    [Test]
    public void A_server_that_refused_to_tell_is_asked_to_once_more()
    {
        var allowed = _world.Hub.Now + TimeSpan.FromSeconds(5);
        _server.Refuses = text => text.StartsWith("SSUBSCRIBE", StringComparison.OrdinalIgnoreCase) && _world.Hub.Now < allowed ? "NOPERM no" : null;
        var first = Acquires(_redis, TimeSpan.FromHours(1));
        var second = Acquires(_other, TimeSpan.FromHours(1));
        _world.Passes(30);
        var asked = _server.Heard.Count(IsAboutAcquiring);
        _world.Passes(600);
        _world.Do(first.Last.Dispose);
        _world.Settle();
        Assert.That((second.IsCompleted, _server.Heard.Count(IsAboutAcquiring) - asked), Is.EqualTo((true, 1)));
    }

    [Test]
    public void Now_or_never_is_told_at_once()
    {
        Acquires(_redis);
        var (here, there) = (_world.Watch(_redis.Lock("job").Acquire(TimeSpan.Zero)), _world.Watch(_other.Lock("job").Acquire(TimeSpan.Zero)));
        Assert.That(new[] { here.Error, there.Error }, Is.All.InstanceOf<LockNotAcquiredException>());
        Assert.That(there.Error, Is.InstanceOf<TimeoutException>().With.Message.Contains("'job'"));
        Assert.That(_world.Watch(_other.Lock("free").Acquire(TimeSpan.Zero)).IsCompleted);
    }

    [Test]
    public void Who_has_waited_long_enough_is_told()
    {
        Acquires(_redis);
        var late = _world.Watch(_other.Lock("job", Expiry).Acquire(TimeSpan.FromSeconds(10)));
        _world.Passes(9.9);
        Assert.That(late.IsOver, Is.False);
        _world.Passes(0.2);
        Assert.That(late.Error, Is.InstanceOf<LockNotAcquiredException>());
    }

    [Test]
    public void It_is_renewed_as_long_as_it_is_held()
    {
        var lease = Acquires(_redis).Last;
        _world.Passes(60);
        Assert.That((lease.Lost.IsCancellationRequested, $"{_server.Data.Get("job")}", _server.Heard.Count(IsAboutRenewing)), Is.EqualTo((false, lease.Token, 60)).Or.EqualTo((false, lease.Token, 59)));
        _world.Do(lease.Dispose);
        _world.Passes(60);
        Assert.That((lease.Lost.IsCancellationRequested, _server.Data.Get("job"), _server.Heard.Count(IsAboutRenewing)), Is.EqualTo((false, (Bytes?)null, 60)).Or.EqualTo((false, (Bytes?)null, 59)));
    }

    [TestCase(null)]
    [TestCase("somebody else's")]
    public void A_holder_is_told_when_its_key_is_gone(string? now)
    {
        var lease = Acquires(_redis).Last;
        _world.Do(() => _server.Data.Set("job", now is null ? default(Bytes?) : now));
        _world.Settle();
        Assert.That(lease.Lost.IsCancellationRequested);
    }

    [Test]
    public void A_holder_that_cannot_renew_is_told_before_its_time_is_up()
    {
        var lease = Acquires(_redis).Last;
        _server.IsSilent = true;
        _world.Passes(2.99);
        Assert.That(lease.Lost.IsCancellationRequested, Is.False);
        _world.Passes(0.02);
        Assert.That((lease.Lost.IsCancellationRequested, $"{_server.Data.Get("job")}"), Is.EqualTo((true, lease.Token)).Or.EqualTo((true, "")));
    }

    [Test]
    public void A_lost_connection_loses_no_lock()
    {
        var (lease, waiting) = (Acquires(_redis).Last, Acquires(_other));
        _server.Resets();
        _world.Passes(10);
        Assert.That((lease.Lost.IsCancellationRequested, waiting.IsOver, $"{_server.Data.Get("job")}"), Is.EqualTo((false, false, lease.Token)));
        _world.Do(lease.Dispose);
        _world.Settle();
        Assert.That(waiting.IsCompleted);
    }

    [Test]
    public void What_happened_while_there_was_no_connection_is_found_out()
    {
        var (lease, waiting) = (Acquires(_redis).Last, Acquires(_other));
        _server.Data.Tells = false;
        _world.Do(() =>
        {
            _server.Sessions.ToList().ForEach(session => session.Connection.Abort());
            _server.Data.Set("job", null);
        });
        _world.Passes(0.2);
        Assert.That((lease.Lost.IsCancellationRequested, waiting.IsCompleted), Is.EqualTo((true, true)));
    }

    [Test]
    public void A_holder_that_has_died_is_followed_when_its_time_is_up()
    {
        Acquires(_redis);
        var waiting = Acquires(_other);
        _world.Do(() => _server.Refuses = command => IsAboutRenewing(command) ? "ERR dead" : null);
        _world.Passes(3.1);
        Assert.That(waiting.IsCompleted);
    }

    [Test]
    public void Who_leaves_gets_nothing_and_holds_up_nobody()
    {
        var first = Acquires(_redis);
        var (leaves, stays) = (Acquires(_other), Acquires(_other));
        _world.Do(leaves.Subscription!.Dispose);
        _world.Do(first.Last.Dispose);
        _world.Settle();
        Assert.That((leaves.IsOver, stays.IsCompleted), Is.EqualTo((false, true)));
    }

    [Test]
    public void Who_leaves_while_it_is_asked_for_gives_it_back()
    {
        _world.Do(() => _redis.Lock("job").Acquire().Subscribe(_ => Assert.Fail("It has left.")).Dispose());
        var leaves = new Story<LockLease>();
        _world.Do(() => leaves.Subscription = _redis.Lock("job").Acquire().Subscribe(leaves));
        _world.Do(() =>
        {
            var subscription = _redis.Lock("other").Acquire().Subscribe(_ => Assert.Fail("It has left."));
            _world.Hub.Post(_ => subscription.Dispose());
        });
        _world.Passes(1);
        Assert.That((_server.Data.Get("other"), leaves.IsCompleted), Is.EqualTo(((Bytes?)null, true)));
    }

    [Test]
    public void A_lease_that_is_released_twice_is_released_once()
    {
        var first = Acquires(_redis).Last;
        Assert.That(($"{_world.Watch(first.Release())}", $"{_world.Watch(first.Release())}", $"{_world.Watch(first.Renew())}"), Is.EqualTo(("True |", "False |", "False |")));
        first.Dispose();
    }

    [Test]
    public void Renewed_by_hand_it_tells_whether_it_is_held()
    {
        var lease = Acquires(_redis).Last;
        Assert.That($"{_world.Watch(lease.Renew())}", Is.EqualTo("True |"));
        _server.Data.Tells = false;
        _world.Do(() => _server.Data.Set("job", null));
        Assert.That(($"{_world.Watch(lease.Renew())}", lease.Lost.IsCancellationRequested), Is.EqualTo(("False |", true)));
    }

    [Test]
    public void A_handler_of_the_loss_that_throws_harms_nobody()
    {
        var (lease, waiting) = (Acquires(_redis).Last, Acquires(_other));
        lease.Lost.Register(() => throw new InvalidOperationException("no"));
        _world.Do(() => _server.Data.Set("job", null));
        _world.Settle();
        Assert.That((waiting.IsCompleted, _world.Trouble), Is.EqualTo((true, "AggregateException")));
    }

    [Test]
    public void With_a_server_that_tells_nothing_it_is_asked_now_and_then()
    {
        using var old = _server.Client(new() { Protocol = RespVersion.Resp2 });
        var (first, waiting) = (Acquires(_redis), Acquires(old));
        _world.Do(first.Last.Dispose);
        _world.Passes(0.4);
        Assert.That(waiting.IsCompleted);
    }

    [Test]
    public void A_refusal_is_told_to_who_asked()
    {
        _server.Refuses = command => command.StartsWith("EVAL", StringComparison.Ordinal) ? "NOPERM no" : null;
        Assert.That(Acquires(_redis).Error, Is.InstanceOf<RedisErrorException>());
    }

    [Test]
    public void A_disposed_client_has_no_locks()
    {
        var (lease, waiting) = (Acquires(_redis).Last, Acquires(_redis));
        _world.Do(_redis.Dispose);
        Assert.That((lease.Lost.IsCancellationRequested, waiting.Error?.GetType(), Acquires(_redis).Error?.GetType()), Is.EqualTo((true, typeof(ObjectDisposedException), typeof(ObjectDisposedException))));
    }

    [Test]
    public void It_is_a_lock_as_others_are()
    {
        ILock any = _redis.Lock("job");
        var held = _world.Watch(any.Acquire());
        _world.Do(held.Last.Dispose);
        Assert.That((held.IsCompleted, _server.Data.Get("job")), Is.EqualTo((true, (Bytes?)null)));
        Assert.That(() => any.Acquire(TimeSpan.FromSeconds(-2)), Throws.InstanceOf<ArgumentOutOfRangeException>());
        Assert.That(() => _redis.Lock("job", TimeSpan.Zero), Throws.InstanceOf<ArgumentOutOfRangeException>());
    }

    [TestCase("job", "{job}:fence")]
    [TestCase("{a}job", "{a}job:fence")]
    [TestCase("{}job", "{}job:fence")]
    public void Its_keys_are_in_one_slot(string key, string fence) => Assert.That($"{LockScripts.FenceOf(key)}", Is.EqualTo(fence));

    private Story<LockLease> Acquires(RedisClient redis, TimeSpan? expiry = null) => _world.Watch(redis.Lock("job", expiry ?? Expiry).Acquire());

    private static bool IsAboutAcquiring(string command) => command.StartsWith($"EVAL {LockScripts.Acquire}", StringComparison.Ordinal);

    private static bool IsAboutRenewing(string command) => command.StartsWith($"EVAL {LockScripts.Renew}", StringComparison.Ordinal);
}
