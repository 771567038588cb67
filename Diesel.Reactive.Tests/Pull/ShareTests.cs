using System.Reactive.Subjects;

namespace Diesel.Reactive.Tests;

/// <summary>One reader, many observers, and none of them harms another.</summary>
public class ShareTests
{
    [Test]
    public void All_who_subscribe_get_each_frame()
    {
        var wire = new Wire();
        var shared = wire.Connection.UntilEol().Share();
        var (one, other) = wire.World.Do(() => (Story.Of(shared), Story.Of(shared)));
        wire.Peer.Sends("A\r\nB\r\n").Ends();
        Assert.That((one.ToString(), other.ToString()), Is.EqualTo(("A B |", "A B |")));
    }

    [Test]
    public void One_that_throws_is_dropped_and_reported_and_the_others_go_on()
    {
        var wire = new Wire();
        var shared = wire.Connection.UntilEol().Share();
        var (told, first, last) = (0, new Story<ReadOnlyMemory<byte>>(), new Story<ReadOnlyMemory<byte>>());
        wire.Do(_ =>
        {
            shared.Subscribe(first);
            shared.Subscribe(_ =>
            {
                told++;
                throw new NotSupportedException();
            });
            shared.Subscribe(last);
        });
        wire.Peer.Sends("A\r\nB\r\n").Ends();
        Assert.That((first.ToString(), last.ToString(), told, wire.World.Trouble), Is.EqualTo(("A B |", "A B |", 1, "NotSupportedException")));
        Assert.That(wire.World.Errors.Single().Kind, Is.EqualTo(HubErrorKind.Code));
    }

    [Test]
    public void One_that_throws_at_the_end_keeps_nobody_from_being_told()
    {
        var wire = new Wire();
        var shared = wire.Connection.UntilEol().Share();
        var last = new Story<ReadOnlyMemory<byte>>();
        wire.Do(_ =>
        {
            shared.Subscribe(static _ => { }, static () => throw new NotSupportedException());
            shared.Subscribe(last);
        });
        wire.Peer.Ends();
        Assert.That((last.ToString(), wire.World.Trouble), Is.EqualTo(("|", "NotSupportedException")));
    }

    [Test]
    public void An_error_nobody_handles_shows_once()
    {
        var wire = new Wire();
        var shared = wire.Connection.UntilEol().Share();
        var last = new Story<ReadOnlyMemory<byte>>();
        wire.Do(_ =>
        {
            shared.Subscribe();
            shared.Subscribe();
            shared.Subscribe(last);
        });
        wire.Peer.Resets();
        Assert.That((last.ToString(), wire.World.Trouble), Is.EqualTo(("#ConnectionException", "ConnectionException")));
    }

    [Test]
    public void The_last_who_leaves_detaches_the_reader_and_the_next_begins_anew()
    {
        var wire = new Wire();
        var shared = wire.Connection.UntilEol().Share();
        var (one, other) = wire.World.Do(() => (Story.Of(shared), Story.Of(shared)));
        wire.Do(_ => one.Subscription!.Dispose()).Peer.Sends("A\r\n");
        wire.Do(_ => other.Subscription!.Dispose()).Peer.Sends("B\r\n");
        Assert.That(wire.Watch(c => c.Read(Framing.UntilEol())).ToString(), Is.EqualTo("B |"));
        var late = wire.Watch(_ => shared);
        wire.Peer.Sends("C\r\n").Ends();
        Assert.That((one.ToString(), other.ToString(), late.ToString()), Is.EqualTo(("", "A", "C |")));
        Assert.That(wire.Watch(_ => shared).ToString(), Is.EqualTo("#EndOfStreamException"));
    }

    [Test]
    public void One_who_leaves_in_the_course_of_a_frame_gets_no_more_and_one_who_comes_gets_the_next()
    {
        var wire = new Wire();
        var shared = wire.Connection.UntilEol().Share();
        Story<ReadOnlyMemory<byte>>? one = null, other = null;
        var first = wire.Watch(_ => shared.Do(line =>
        {
            if (line.ToText() == "A\r\n")
            {
                other!.Subscription!.Dispose();
                one = Story.Of(shared);
            }
        }));
        other = wire.Watch(_ => shared);
        wire.Peer.Sends("A\r\nB\r\n");
        Assert.That((first.ToString(), one!.ToString(), other.ToString()), Is.EqualTo(("A B", "B", "")));
    }

    [Test]
    public void The_slowest_that_holds_slows_the_peer()
    {
        var wire = Wire.OfLines(10);
        var shared = wire.Connection.UntilEol().Share();
        var fast = new Story<ReadOnlyMemory<byte>>();
        wire.Do(_ =>
        {
            shared.Subscribe(fast);
            shared.SelectAsync(async _ => await wire.Hub.Sleep(TimeSpan.FromSeconds(1)), max: 2).Subscribe();
        });
        Assert.That((fast.ToString(), wire.UnreadLines), Is.EqualTo(("10 11", 8)));
        wire.Passes(10);
        Assert.That(fast.Values, Has.Count.EqualTo(10));
    }

    [Test]
    public void Any_source_can_be_shared()
    {
        using var world = new World();
        var subject = new Subject<int>();
        var shared = subject.Share(world.Hub);
        var story = Story.Of(shared);
        shared.Subscribe(static _ => throw new NotSupportedException());
        subject.OnNext(1);
        subject.OnNext(2);
        subject.OnCompleted();
        world.Settle();
        Assert.That((story.ToString(), world.Trouble), Is.EqualTo(("1 2 |", "NotSupportedException")));
        Assert.That(() => ((IObservable<int>)null!).Share(), Throws.ArgumentNullException);
    }

    [Test]
    public void A_source_that_throws_at_once_is_the_subscribers()
    {
        var shared = new Broken().Share();
        Assert.That(() => shared.Subscribe(new Story<int>()), Throws.InstanceOf<NotSupportedException>());
        Assert.That(() => shared.Subscribe(new Story<int>()), Throws.InstanceOf<NotSupportedException>());
    }

    [Test]
    public void Observers_come_and_go_on_any_thread()
    {
        var (subject, told) = (new Subject<int>(), 0);
        var shared = subject.Share();
        using var always = shared.Subscribe(_ => told++);
        Parallel.For(0, 4, _ =>
        {
            for (var i = 0; i < 1000; i++)
            {
                shared.Subscribe(static _ => { }).Dispose();
            }
        });
        subject.OnNext(1);
        Assert.That((told, subject.HasObservers), Is.EqualTo((1, true)));
    }

    private sealed class Broken : IObservable<int>
    {
        public IDisposable Subscribe(IObserver<int> observer) => throw new NotSupportedException();
    }
}
