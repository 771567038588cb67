using Diesel.Reactive.Testing;

namespace Diesel.Reactive.Tests;

/// <summary>What clients were told is held against a model of what they share.</summary>
[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
public sealed class HistoryTests
{
    private readonly MarbleScheduler _scheduler = new();

    [TestCase("ann:w1 bob:r1", true)]
    [TestCase("ann:w1 bob:r0", false)]
    [TestCase("ann<w1 bob:r0 ann>", true, Description = "it may not have happened yet")]
    [TestCase("ann<w1 bob:r1 ann>", true, Description = "it may have happened already")]
    [TestCase("ann<w1 bob:r1 bob:r0 ann>", false, Description = "once seen it stays")]
    [TestCase("ann?w1 bob:r0 bob:r1", true, Description = "nobody knows when, or whether")]
    [TestCase("ann?w1 bob:r1 bob:r0", false)]
    [TestCase("ann!w1 bob:r1", false, Description = "it was refused")]
    [TestCase("ann:w1 ann:w2 bob:r1", false)]
    public void A_register_is_linearizable_or_not(string story, bool expected)
    {
        var history = new History<RegisterCall<int>, int>(_scheduler);
        var open = new Dictionary<string, HistoryCall<int>>();
        var written = new Dictionary<string, int>();
        foreach (var step in story.Split(' '))
        {
            _scheduler.AdvanceBy(TimeSpan.TicksPerMillisecond);
            var (name, how) = (step[..3], step[3]);
            if (how == '>')
            {
                open[name].Returns(written[name]);
                continue;
            }

            var value = step[5] - '0';
            var call = open[name] = history.Begin(name, step[4] == 'w' ? RegisterCall<int>.Write(value) : RegisterCall<int>.Read());
            written[name] = value;
            if (how == ':')
            {
                call.Returns(value);
            }
            else if (how == '!')
            {
                call.IsRefused();
            }
            else if (how == '?')
            {
                call.IsLost();
            }
        }

        Assert.That(history.FindFault(HistoryModels.Register(0)) is null, Is.EqualTo(expected));
    }

    [Test]
    public void The_shortest_part_that_cannot_be_is_drawn()
    {
        var history = new History<RegisterCall<int>, int>(_scheduler);
        Told(history, "ann", RegisterCall<int>.Write(1, "x"), 1);
        Told(history, "cid", RegisterCall<int>.Write(5, "y"), 5);
        Told(history, "bob", RegisterCall<int>.Read("x"), 0);
        Told(history, "ann", RegisterCall<int>.Write(2, "x"), 2);
        var error = Assert.Throws<HistoryException>(() => history.Check(HistoryModels.Register(0)))!;
        Assert.That(error.Message, Is.EqualTo("""
            bob asked 'read x' and was told '0', which no order of these calls explains:

            ann  -'=1 x''→1'---
            bob  -----'read x''→0'
            """).Or.Contains("bob asked 'read x' and was told '0', which no order of these calls explains"));
        Assert.That((error.Fault.Rows.Count, error.Message.Contains("=5"), error.Message.Contains("=2")), Is.EqualTo((2, false, false)));
    }

    [Test]
    public void A_set_a_queue_and_a_lock_are_checked_too()
    {
        var set = new History<SetCall<string>, bool>(_scheduler);
        Told(set, "ann", new(SetAct.Add, "x"), true);
        Assert.That(set.FindFault(HistoryModels.Set<string>()), Is.Null);
        Told(set, "bob", new(SetAct.Add, "x"), true);
        Assert.That(set.FindFault(HistoryModels.Set<string>()), Is.Not.Null);

        var queue = new History<QueueCall<string>, string?>(_scheduler);
        Told(queue, "ann", QueueCall<string>.Put("x"), "x");
        Told(queue, "ann", QueueCall<string>.Put("y"), "y");
        Told(queue, "bob", QueueCall<string>.Take, "x");
        Assert.That(queue.FindFault(HistoryModels.Queue<string>()), Is.Null);
        Told(queue, "bob", QueueCall<string>.Take, "x");
        Assert.That(queue.FindFault(HistoryModels.Queue<string>()), Is.Not.Null);

        var mutex = new History<LockCall, long>(_scheduler);
        Told(mutex, "ann", new(LockAct.Acquire), 1);
        Told(mutex, "bob", new(LockAct.Acquire), 0);
        Told(mutex, "ann", new(LockAct.Release, 1), 1);
        Told(mutex, "bob", new(LockAct.Acquire), 2);
        Assert.That(mutex.FindFault(HistoryModels.Lock()), Is.Null);
        Told(mutex, "ann", new(LockAct.Use, 1), 1);
        Assert.That(mutex.FindFault(HistoryModels.Lock()), Is.Not.Null);
    }

    [Test]
    public void A_long_history_takes_no_time()
    {
        var history = new History<RegisterCall<int>, int>(_scheduler);
        for (var i = 0; i < 300; i++)
        {
            var other = history.Begin("bob", RegisterCall<int>.Read());
            Told(history, "ann", RegisterCall<int>.Write(i), i);
            other.Returns(i);
        }

        Assert.That(history.FindFault(HistoryModels.Register(0)), Is.Null);
    }

    [Test]
    public void What_came_of_a_call_is_told_once()
    {
        var call = new History<RegisterCall<int>, int>(_scheduler).Begin("ann", RegisterCall<int>.Read());
        call.Returns(0);
        Assert.That(() => call.IsLost(), Throws.InvalidOperationException);
    }

    private void Told<TCall, TReturn>(History<TCall, TReturn> history, string client, TCall call, TReturn value)
    {
        _scheduler.AdvanceBy(TimeSpan.TicksPerMillisecond);
        var begun = history.Begin(client, call);
        _scheduler.AdvanceBy(TimeSpan.TicksPerMillisecond);
        begun.Returns(value);
    }
}
