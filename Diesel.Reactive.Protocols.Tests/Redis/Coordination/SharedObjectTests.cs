using Diesel.Reactive.Protocols.Redis;

namespace Diesel.Reactive.Tests;

/// <summary>How programs ask what they share, in virtual time.</summary>
public class SharedObjectTests
{
    private static readonly TimeSpan Second = TimeSpan.FromSeconds(1);

    private VirtualPlace _place = null!;

    private RedisCoordination Here => _place.Shared(0);

    private RedisCoordination There => _place.Shared(1);

    [SetUp]
    public void SetUp() => _place = new VirtualPlace(new RedisCoordinationOptions { RepeatFor = 2 * Second, MaxWaiting = 5000, KeepFor = 20 * Second });

    [TearDown]
    public void TearDown() => _place.Dispose();

    [TestCase("LOADING Redis is loading the dataset in memory")]
    [TestCase("READONLY You can't write against a read only replica.")]
    [TestCase("CLUSTERDOWN The cluster is down")]
    public void A_server_that_is_not_ready_is_asked_again_whatever_was_asked(string no) => _place.Run(async () =>
    {
        Here.Event("e").Set();
        await Here.Event("e").Wait();
        Refuse(no, Second);
        var (waits, inbox) = (Story.Of(There.Event("e").Wait()), There.Fanout<int>("f").Open());
        await inbox.Opened;
        await _place.Hub.Sleep(Second);
        Assert.That(waits.IsCompleted);
        Here.Fanout<int>("f").Publish(7);
        Refuse(no, Second);
        Assert.That(await inbox.Get(), Is.EqualTo(7));
    });

    [Test]
    public void What_fails_in_the_end_fails_when_its_time_is_up_however_much_waits_before_it() => _place.Run(async () =>
    {
        Refuse("LOADING Redis is loading the dataset in memory", 60 * Second);
        var began = _place.Hub.Now;
        var puts = Enumerable.Range(0, 4500).Select(n => Story.Of(Here.Queue<int>("q").PutAsync(n))).ToArray();
        await _place.Hub.Sleep(2.2 * Second);
        Assert.That(puts.Select(put => put.Error), Is.All.InstanceOf<RedisErrorException>());
        Assert.That(_place.Hub.Now - began, Is.LessThan(3 * Second));
    });

    [Test]
    public void One_too_many_that_waits_is_refused() => _place.Run(async () =>
    {
        var (queue, errors) = (Here.Queue<int>("q"), Story.Of(Here.Errors));
        for (var i = 0; i < 5000; i++)
        {
            queue.Put(i);
        }

        Assert.That(Story.Of(queue.PutAsync(5000)).Error, Is.InstanceOf<OutboxFullException>().With.Property(nameof(OutboxFullException.Limit)).EqualTo(5000));
        queue.Put(5001);
        Assert.That(errors.Last, Is.InstanceOf<OutboxFullException>());
        await _place.Settles();
        await queue.PutAsync(5002);
    });

    [Test]
    public void Nobody_listens_any_more_when_nobody_has_waited_for_a_while() => _place.Run(async () =>
    {
        await Failure(Here.Event("e").Wait(Second));
        await Failure(Here.Queue<int>("q").Get(timeout: Second));
        var (inbox, observing) = (Here.Fanout<int>("f").Open(), Story.Of(Here.Countdown("c", 1).Remaining));
        await _place.Settles();
        Assert.That(Channels, Is.EqualTo(4));
        inbox.Dispose();
        observing.Subscription!.Dispose();
        await _place.Hub.Sleep(11 * Second);
        Assert.That(Channels, Is.Zero);
        var heard = _place.Server.Heard.Count(text => text.StartsWith("FCALL", StringComparison.Ordinal));
        await _place.Hub.Sleep(60 * Second);
        Assert.That(_place.Server.Heard.Count(text => text.StartsWith("FCALL", StringComparison.Ordinal)), Is.EqualTo(heard));
        There.Event("e").Set();
        await Here.Event("e").Wait();
    });

    [Test]
    public void A_disposed_one_is_followed_by_another_of_its_name() => _place.Run(async () =>
    {
        var (first, queue) = (Here.Event("e"), Here.Queue<int>("q"));
        first.Dispose();
        queue.Dispose();
        Assert.That((ReferenceEquals(Here.Event("e"), first), ReferenceEquals(Here.Queue<int>("q"), queue)), Is.EqualTo((false, false)));
        Here.Event("e").Set();
        first.Dispose();
        await Here.Event("e").Wait();
    });

    [Test]
    public void What_was_asked_before_it_is_disposed_of_is_done()
    {
        Here.Queue<int>("q").Put(7);
        Here.Queue<int>("q").Dispose();
        _place.Run(async () => Assert.That(await There.Queue<int>("q").Get(timeout: Second), Is.EqualTo(7)));
    }

    [Test]
    public void Who_waits_behind_what_was_asked_does_not_wait_for_what_is_asked_later() => _place.Run(async () =>
    {
        var (set, asked) = (Here.Event("e"), 0);
        Again();
        Again();
        await set.Wait();
        Assert.That(asked, Is.LessThan(100));

        void Again()
        {
            if (asked++ < 500)
            {
                set.SetAsync().Subscribe(_ => Again());
            }
        }
    });

    [Test]
    public void Who_observes_what_remains_is_told_why_nothing_is_told() => _place.Run(async () =>
    {
        await There.Countdown("c", 3).TickAsync();
        var (wrong, also) = (Story.Of(Here.Countdown("c", 4).Remaining), Story.Of(Here.Countdown("c", 4).Remaining));
        await _place.Settles();
        var late = Story.Of(Here.Countdown("c", 4).Remaining);
        await _place.Settles();
        Assert.That(new[] { wrong, also, late }.Select(story => story.Error), Is.All.InstanceOf<InvalidOperationException>());
        var seen = Story.Of(There.Countdown("c", 3).Remaining);
        await _place.Settles();
        There.Countdown("c", 3).Dispose();
        await _place.Settles();
        Assert.That((seen.Last, seen.Error?.GetType()), Is.EqualTo((2, typeof(ObjectDisposedException))));
    });

    [Test]
    public void An_inbox_that_follows_the_last_reads_nothing_that_was_before_it() => _place.Run(async () =>
    {
        var (here, there) = (Here.Fanout<int>("f"), There.Fanout<int>("f"));
        var first = here.Open();
        await first.Opened;
        first.Dispose();
        for (var i = 1; i <= 50; i++)
        {
            await there.PublishAsync(i);
        }

        _place.Server.Heard.Clear();
        using var next = here.Open();
        await next.Opened;
        there.Publish(51);
        Assert.That(await next.Get(), Is.EqualTo(51));
        Assert.That(_place.Server.Heard.Where(text => text.Contains("diesel_fanout_read", StringComparison.Ordinal)), Is.Not.Empty.And.None.Contains(" 0-0 "));
    });

    private int Channels => _place.Server.Sessions.Sum(session => session.Subscribed.Count);

    private void Refuse(string no, TimeSpan span)
    {
        var until = _place.Hub.Now + span;
        _place.Server.Refuses = text => text.StartsWith("FCALL", StringComparison.Ordinal) && _place.Hub.Now < until ? no : null;
    }

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
