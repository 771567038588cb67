using System.Reactive;
using System.Reactive.Concurrency;

namespace Diesel.Reactive.Tests;

/// <summary>Calls that wait for a connection.</summary>
public class CallQueueTests
{
    private World _world = null!;
    private CallQueue<Said> _queue = null!;

    [SetUp]
    public void Begin()
    {
        _world = new World();
        _queue = new CallQueue<Said>(new() { MaxQueuedCalls = 3 }, _world.Hub);
    }

    [TearDown]
    public void End()
    {
        _queue.Dispose();
        _world.Dispose();
    }

    [Test]
    public void Calls_wait_until_a_pipeline_comes()
    {
        var (one, two) = (Says("a"), Says("b"));
        _world.Passes(100);
        var it = Serves();
        it.Hears("A", "B");
        Assert.That(($"{one}", $"{two}"), Is.EqualTo(("A |", "B |")));
    }

    [Test]
    public void It_is_bounded()
    {
        string[] stories = [.. "abcd".Select(c => Says($"{c}")).ToArray().Select(story => $"{story}")];
        Assert.That(stories, Is.EqualTo(["", "", "", "#PipelineFullException"]));
    }

    [Test]
    public void Who_has_waited_for_too_long_is_never_sent()
    {
        var late = _world.Watch(_queue.Ask(new Say(Tongue.InOrder, "a")).Timeout(TimeSpan.FromSeconds(1)));
        var story = Says("b");
        _world.Passes(2);
        Assert.That(($"{late}", Serves().Heard, $"{story}"), Is.EqualTo(("#TimeoutException", "b", "")));
    }

    [Test]
    public void Those_who_wait_can_be_failed_and_later_ones_wait_on()
    {
        var early = Says("a");
        _world.Do(() => _queue.Fail(new ConnectionException("refused")));
        var late = Says("b");
        Assert.That(($"{early}", $"{late}", Serves().Heard), Is.EqualTo(("#ConnectionException", "", "b")));
    }

    [Test]
    public void Disposed_it_refuses_and_the_pipeline_finishes_what_is_in_flight()
    {
        var it = Serves();
        var early = Says("a");
        _world.Do(_queue.Dispose);
        var late = Says("b");
        it.Hears("A");
        Assert.That(($"{early}", $"{late}"), Is.EqualTo(("A |", "#ObjectDisposedException")));
    }

    [Test]
    public void It_is_served_by_one_pipeline_at_a_time()
    {
        Serves();
        var wire = _world.Wire();
        Assert.That(() => new Pipeline<Said>(wire.Connection, Tongue.InOrder.Framing, Tongue.InOrder.Correlation, queue: _queue), Throws.InvalidOperationException);
    }

    [Test]
    public void It_lives_on_the_hub_of_its_connections()
    {
        using var other = new World();
        var wire = other.Wire();
        Assert.That(() => new Pipeline<Said>(wire.Connection, Tongue.InOrder.Framing, Tongue.InOrder.Correlation, queue: _queue), Throws.ArgumentException);
    }

    [TestCase(HubKind.Virtual)]
    [TestCase(HubKind.Epoll)]
    [TestCase(HubKind.Portable)]
    public void What_waits_ends_with_the_hub(HubKind kind)
    {
        using var ending = new EndingHub(kind);
        var queue = new CallQueue<Said>(hub: ending.Hub);
        async Task<string> Asks() => await queue.Ask(new Say(Tongue.InOrder, "a"));
        var (here, there) = (Asks(), Task.CompletedTask);
        ending.Do(() => there = Asks());
        ending.Hub.Dispose();
        Assert.That((EndingHub.End(here), EndingHub.End(there), EndingHub.End(Asks())), Is.EqualTo(
            ("#ObjectDisposedException", "#ObjectDisposedException", "#ObjectDisposedException")));
    }

    [Test]
    public void A_client_that_reconnects_is_a_queue_and_a_loop()
    {
        using var peers = _world.Listens(4321, peer => peer.Answers(line => line == "die" ? Die(peer) : $"{line}!\r\n"));
        _world.Hub.Fork(async () =>
        {
            while (true)
            {
                var pipeline = new Pipeline<Said>(await Tcp.Connect("10.0.0.1", 4321), Tongue.InOrder.Framing, Tongue.InOrder.Correlation, queue: _queue);
                await pipeline.Ended.Select(static _ => Unit.Default).Catch(Observable.Return(Unit.Default)).ToAwaitable();
            }
        });
        var (one, die, two) = (Says("a"), Says("die"), Says("b"));
        _world.Passes(1);
        Assert.That(($"{one}", $"{die}", $"{two}", peers.Count), Is.EqualTo(("a! |", "#ReplyLostException", "b! |", 2)));

        string? Die(Peer peer)
        {
            _world.Hub.Schedule(peer.Transport.Abort);
            return null;
        }
    }

    private Story<string> Says(string text) => _world.Watch(_queue.Ask(new Say(Tongue.InOrder, text)));

    private Speaking Serves() => new(Tongue.InOrder, new(), _queue, _world);
}
