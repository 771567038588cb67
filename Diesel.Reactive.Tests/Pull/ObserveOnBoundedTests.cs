using System.Reactive.Concurrency;
using System.Reactive.Disposables;
using System.Reactive.Subjects;
using Microsoft.Reactive.Testing;

namespace Diesel.Reactive.Tests;

public class ObserveOnBoundedTests
{
    private TestScheduler _other = null!;

    [SetUp]
    public void Begin() => _other = new TestScheduler();

    [Test]
    public void A_slow_observer_on_another_thread_holds_the_peer()
    {
        var (wire, read) = (new Wire(), 0L);
        wire.Do(c => c.ObserveOnBounded(_other, 2).Subscribe(chunk => read += chunk.Length));
        wire.Peer.Sends(new byte[4 << 20]).Ends();
        wire.Passes(10);
        Assert.That((read, wire.Peer.Unsent > 3 << 20), Is.EqualTo((0L, true)));
        for (var i = 0; i < 1000 && read < 4 << 20; i++)
        {
            _other.AdvanceBy(1);
            wire.Passes(1);
        }

        Assert.That((read, wire.World.Trouble), Is.EqualTo((4L << 20, "")));
    }

    [Test]
    public void Holds_when_it_is_full_and_goes_on_when_half_are_taken()
    {
        var (source, holds, story) = (new Subject<int>(), 0, new List<string>());
        source.ObserveOnBounded(_other, 4, Hold).Subscribe(n => story.Add($"{n}:{holds}"));
        Give(source, 3);
        Assert.That(holds, Is.Zero);
        source.OnNext(3);
        Assert.That(holds, Is.EqualTo(1));
        _other.Start();
        Assert.That(string.Join(' ', story), Is.EqualTo("0:1 1:0 2:0 3:0"));

        IDisposable Hold()
        {
            holds++;
            return Disposable.Create(() => holds--);
        }
    }

    [Test]
    public void Tells_the_end_or_the_error_behind_the_items([Values] bool fails)
    {
        var source = fails ? Observable.Range(0, 3).Concat(Observable.Throw<int>(new FormatException())) : Observable.Range(0, 3);
        var story = Story.Of(source.ObserveOnBounded(_other, 3));
        Assert.That(story.ToString(), Is.Empty);
        _other.Start();
        Assert.That(story.ToString(), Is.EqualTo(fails ? "0 1 2 #FormatException" : "0 1 2 |"));
    }

    [TestCase(Overflow.Fail, "0 1 #QueueFullException")]
    [TestCase(Overflow.DropOldest, "2 3")]
    [TestCase(Overflow.DropNewest, "0 1")]
    public void A_source_that_cannot_be_held_is_bounded(Overflow overflow, string expected)
    {
        var source = new Subject<int>();
        var story = Story.Of(source.ObserveOnBounded(_other, 2, overflow: overflow));
        Give(source, 4);
        _other.Start();
        Assert.That((story.ToString(), source.HasObservers), Is.EqualTo((expected, overflow != Overflow.Fail)));
    }

    [Test]
    public void Unsubscribing_gives_nothing_more_and_lets_go_of_the_hold()
    {
        var (source, held) = (new Subject<int>(), new BooleanDisposable());
        var story = Story.Of(source.ObserveOnBounded(_other, 1, () => held));
        source.OnNext(0);
        Assert.That(held.IsDisposed, Is.False);
        story.Subscription!.Dispose();
        _other.Start();
        Assert.That((story.ToString(), held.IsDisposed, source.HasObservers), Is.EqualTo(("", true, false)));
    }

    [Test]
    public void An_observer_that_throws_has_left()
    {
        var source = new Subject<int>();
        source.ObserveOnBounded(_other, 4).Subscribe(static _ => throw new FormatException());
        Give(source, 2);
        Assert.That(_other.Start, Throws.InstanceOf<FormatException>());
        Assert.That(source.HasObservers, Is.False);
    }

    [Test]
    public void Keeps_the_order_between_real_threads()
    {
        using var thread = new EventLoopScheduler();
        var (line, pauses) = (new Subject<int>(), 0);
        var given = new List<int>();
        using var done = new ManualResetEventSlim();
        using var gate = new SemaphoreSlim(1);
        line.ObserveOnBounded(thread, 8, Hold).Subscribe(given.Add, _ => done.Set(), done.Set);
        for (var n = 0; n < 20_000; n++)
        {
            Assert.That(gate.Wait(Live.Patience));
            gate.Release();
            line.OnNext(n);
        }

        line.OnCompleted();
        Assert.That(done.Wait(Live.Patience));
        Assert.That((given.Count, given.SequenceEqual(Enumerable.Range(0, 20_000)), pauses > 0), Is.EqualTo((20_000, true, true)));

        IDisposable Hold()
        {
            pauses++;
            gate.Wait();
            return Disposable.Create(() => gate.Release());
        }
    }

    [Test]
    public void Refuses_bad_arguments()
    {
        var source = Observable.Empty<int>();
        Assert.That(() => source.ObserveOnBounded(null!, 1), Throws.ArgumentNullException);
        Assert.That(() => source.ObserveOnBounded(_other, 0), Throws.InstanceOf<ArgumentOutOfRangeException>());
        Assert.That(() => source.ObserveOnBounded(_other, 1, overflow: (Overflow)9), Throws.InstanceOf<ArgumentOutOfRangeException>());
    }

    private static void Give(Subject<int> source, int count)
    {
        for (var n = 0; n < count; n++)
        {
            source.OnNext(n);
        }
    }
}
