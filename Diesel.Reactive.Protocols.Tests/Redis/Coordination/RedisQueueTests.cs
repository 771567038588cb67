using System.Text.Json;
using Diesel.Reactive.Protocols;
using Diesel.Reactive.Protocols.Redis;

namespace Diesel.Reactive.Tests;

/// <summary>What a queue at a server has besides <see cref="IQueue{T}"/>, in virtual time.</summary>
public class RedisQueueTests
{
    private static readonly TimeSpan Second = TimeSpan.FromSeconds(1);

    private VirtualPlace _place = null!;
    private RedisQueue<int> _here = null!;
    private RedisQueue<int> _there = null!;

    [SetUp]
    public void SetUp()
    {
        _place = new VirtualPlace();
        var options = new RedisQueueOptions { VisibilityTimeout = 3 * Second, MaxDeliveries = 3, MaxLength = 100 };
        (_here, _there) = (_place.Shared(0).Queue<int>("q", options), _place.Shared(1).Queue<int>("q", options));
    }

    [TearDown]
    public void TearDown() => _place.Dispose();

    [Test]
    public void An_item_that_is_not_acknowledged_comes_again_when_its_time_is_up_and_says_so() => _place.Run(async () =>
    {
        _here.Put(1);
        var first = await _here.Take();
        var began = _place.Hub.Now;
        var again = await _there.Take();
        Assert.That((first.Count, first.IsRedelivered, again.Count, again.IsRedelivered, again.Value, again.Id), Is.EqualTo((1, false, 2, true, 1, first.Id)));
        Assert.That(_place.Hub.Now - began, Is.InRange(2.9 * Second, 3.2 * Second));
        Assert.That(await Failure(first.AckAsync()), Is.InstanceOf<DeliveryLostException>().With.Property(nameof(DeliveryLostException.Count)).EqualTo(1));
        await again.AckAsync();
    });

    [Test]
    public void One_that_failed_comes_back_after_its_delay_and_not_before() => _place.Run(async () =>
    {
        _here.Put(1);
        var first = await _here.Take();
        first.Nack(5 * Second);
        var began = _place.Hub.Now;
        var again = await _there.Take();
        Assert.That(again.Count, Is.EqualTo(2));
        Assert.That(_place.Hub.Now - began, Is.InRange(5 * Second, 6 * Second));
    });

    [Test]
    public void Who_renews_in_time_is_never_doubled() => _place.Run(async () =>
    {
        _here.Put(1);
        var first = await _here.Take();
        using (first.KeepRenewing())
        {
            var other = Story.Of(_there.Take());
            await _place.Hub.Sleep(20 * Second);
            Assert.That((other.IsOver, first.Lost.IsCancellationRequested), Is.EqualTo((false, false)));
            await first.AckAsync();
            await _place.Hub.Sleep(20 * Second);
            Assert.That(other.IsOver, Is.False);
        }
    });

    [Test]
    public void Who_cannot_renew_is_told_before_another_has_it() => _place.Run(async () =>
    {
        _here.Put(1);
        var first = await _here.Take();
        using var renewing = first.KeepRenewing();
        _place.Server.IsSilent = true;
        await _place.Hub.Sleep(3.1 * Second);
        Assert.That(first.Lost.IsCancellationRequested);
        _place.Server.IsSilent = false;
    });

    [Test]
    public void Who_has_renewed_by_itself_is_not_told_before_that_time_is_up() => _place.Run(async () =>
    {
        _here.Put(1);
        var first = await _here.Take();
        using var renewing = first.KeepRenewing();
        await _place.Hub.Sleep(0.9 * Second);
        await first.Renew();
        _place.Server.Refuses = text => text.Contains("diesel_queue_settle", StringComparison.Ordinal) ? "ERR no" : null;
        await _place.Hub.Sleep(2.8 * Second);
        Assert.That(first.Lost.IsCancellationRequested, Is.False);
        await _place.Hub.Sleep(0.3 * Second);
        Assert.That(first.Lost.IsCancellationRequested);
    });

    [Test]
    public void Settled_twice_it_fails_clearly() => _place.Run(async () =>
    {
        _here.Put(1);
        var first = await _here.Take();
        await first.AckAsync();
        Assert.That(await Failure(first.AckAsync()), Is.InstanceOf<DeliveryLostException>());
        Assert.That(await Failure(first.NackAsync()), Is.InstanceOf<DeliveryLostException>());
        Assert.That(await Failure(first.Renew()), Is.InstanceOf<DeliveryLostException>().With.Message.Contains(first.Id));
    });

    [Test]
    public void What_was_put_with_the_key_of_another_is_it() => _place.Run(async () =>
    {
        var first = await _here.PutAsync(1, key: "order 7");
        Assert.That((await _there.PutAsync(2, key: "order 7"), await _there.PutAsync(3, key: "order 8") != first), Is.EqualTo((first, true)));
        Assert.That((await _here.Get(), await _here.Get()), Is.EqualTo((1, 3)));
    });

    [Test]
    public void What_has_a_delay_comes_when_it_is_over() => _place.Run(async () =>
    {
        var began = _place.Hub.Now;
        await _here.PutAsync(1, delay: 10 * Second);
        _here.Put(2);
        Assert.That(await _there.Get(), Is.EqualTo(2));
        Assert.That(await _there.Get(), Is.EqualTo(1));
        Assert.That(_place.Hub.Now - began, Is.InRange(10 * Second, 10.5 * Second));
    });

    [Test]
    public void A_full_queue_says_so_to_who_asks_and_else_to_the_next_call() => _place.Run(async () =>
    {
        var errors = Story.Of(_place.Shared(0).Errors);
        for (var i = 0; i < 100; i++)
        {
            _here.Put(i);
        }

        Assert.That(await Failure(_here.PutAsync(100)), Is.InstanceOf<QueueFullException>().With.Property(nameof(QueueFullException.Capacity)).EqualTo(100));
        _here.Put(101);
        await _place.Settles();
        Assert.That((errors.Values.Count, errors.Last.GetType()), Is.EqualTo((1, typeof(QueueFullException))));
        Assert.That(() => _here.Put(102), Throws.InvalidOperationException.With.InnerException.InstanceOf<QueueFullException>());
        await _there.Get();
        await _place.Settles();
        await _here.PutAsync(103);
    });

    [Test]
    public void What_is_sent_again_after_a_lost_reply_is_done_once() => _place.Run(async () =>
    {
        var isLost = true;
        _place.Server.Answers = (session, words) =>
        {
            if (!isLost || words.Length < 2 || words[1] != "diesel_queue_put" || _place.Server.Data.Functions.Libraries.Count == 0)
            {
                return null;
            }

            isLost = false;
            _place.Server.Data.Functions.Call(words);
            session.Connection.Abort();
            return RedisFake.Nothing;
        };
        await _here.PutAsync(0);
        isLost = true;
        await _here.PutAsync(1);
        Assert.That((await _there.Get(), await _there.Get(), _place.Server.Data.Functions.Repeated), Is.EqualTo((0, 1, 1)).Or.EqualTo((0, 1, 2)));
        Assert.That(await Failure(_there.Get(timeout: TimeSpan.Zero)), Is.InstanceOf<QueueTimeoutException>());
    });

    [Test]
    public void What_was_handed_out_for_one_who_has_left_goes_back_at_once_and_nobody_has_seen_it() => _place.Run(async () =>
    {
        await _there.PutAsync(1);
        var (leaves, isTaken) = (Story.Of(_here.Take()), false);
        _place.Server.Answers = (_, words) =>
        {
            if (!isTaken && words.Length > 1 && words[1] == "diesel_queue_take")
            {
                isTaken = true;
                leaves.Subscription!.Dispose();
            }

            return null;
        };
        await _place.Settles();
        var began = _place.Hub.Now;
        var other = await _there.Take();
        Assert.That((isTaken, leaves.IsOver, other.Count), Is.EqualTo((true, false, 1)));
        Assert.That(_place.Hub.Now - began, Is.LessThan(Second));
    });

    [Test]
    public void A_lost_connection_wakes_nobody_too_late() => _place.Run(async () =>
    {
        var waiting = Story.Of(_here.Get());
        await _place.Settles();
        _place.Server.Abort();
        _there.Put(9);
        await _place.Hub.Sleep(5 * Second);
        Assert.That($"{waiting}", Is.EqualTo("9 |"));
    });

    [Test]
    public void What_is_no_item_is_told_and_harms_nobody() => _place.Run(async () =>
    {
        var errors = Story.Of(_place.Shared(1).Errors);
        var texts = _place.Shared(0).Queue("mixed", codec: ValueCodec.Text);
        var numbers = _place.Shared(1).Queue<int>("mixed");
        texts.Put("no number");
        texts.Put("7");
        Assert.That(await numbers.Get(), Is.EqualTo(7));
        Assert.That(errors.Last, Is.InstanceOf<ProtocolException>().With.InnerException.InstanceOf<JsonException>());
    });

    [Test]
    public void Disposed_it_ends_who_waits() => _place.Run(async () =>
    {
        var waiting = Story.Of(_here.Take());
        await _place.Settles();
        _here.Dispose();
        await _place.Settles();
        Assert.That(waiting.Error, Is.InstanceOf<ObjectDisposedException>());
        Assert.That(await Failure(_here.PutAsync(1)), Is.InstanceOf<ObjectDisposedException>());
        Assert.That(() => _here.Put(1), Throws.InstanceOf<ObjectDisposedException>());
    });

    private static async Task<Exception?> Failure<T>(Awaitable<T> asked)
    {
        try
        {
            await asked;
            return null;
        }
        catch (Exception error)
        {
            return error;
        }
    }
}
