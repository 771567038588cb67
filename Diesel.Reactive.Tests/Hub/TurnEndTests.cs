using System.Reactive.Concurrency;

namespace Diesel.Reactive.Tests;

/// <summary><c>AtTurnEnd</c>.</summary>
[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
public sealed class TurnEndTests : IDisposable
{
    private readonly World _world = new();
    private readonly List<string> _order = [];

    private Hub Hub => _world.Hub;

    public void Dispose() => _world.Dispose();

    [Test]
    public void It_comes_once_after_all_else_of_the_turn_in_the_order_of_the_calls()
    {
        Hub.Post(_ =>
        {
            Hub.AtTurnEnd(Notes, "first end");
            Hub.AtTurnEnd(Notes, "second end");
            Hub.Post(Notes, "next turn");
        });
        Hub.Post(Notes, "same turn");
        _world.Passes(1);
        Assert.That(_order, Is.EqualTo(new[] { "same turn", "first end", "second end", "next turn" }));
    }

    [Test]
    public void What_it_sends_leaves_with_the_turn()
    {
        var wire = _world.Wire();
        _world.Do(() =>
        {
            Hub.AtTurnEnd(_ => wire.Connection.OnNext("b\r\n".ToBytes()));
            wire.Connection.OnNext("a\r\n".ToBytes());
        });
        Assert.That(wire.Sent, Is.EqualTo(new[] { "a\r\nb\r\n" }));
    }

    [Test]
    public void What_it_asks_for_itself_comes_at_the_end_of_the_next_turn_which_follows()
    {
        _world.Do(() => Hub.AtTurnEnd(_ =>
        {
            Hub.Post(Notes, "next turn");
            Hub.AtTurnEnd(Notes, "its end");
            Notes("end");
        }));
        Assert.That(_order, Is.EqualTo(new[] { "end", "next turn", "its end" }));
    }

    [Test]
    public void Endless_ends_do_not_starve_timers()
    {
        var rung = false;
        void Again(object? _) => Hub.AtTurnEnd(Again);
        Hub.Schedule(TimeSpan.FromMilliseconds(1), () => rung = true);
        Hub.Post(Again);
        _world.Passes(0.002);
        Assert.That(rung, Is.True);
    }

    [Test]
    public void One_that_throws_is_reported_and_keeps_nothing_from_the_others()
    {
        _world.Do(() =>
        {
            Hub.AtTurnEnd(static _ => throw new FormatException(), "who");
            Hub.AtTurnEnd(Notes, "other");
        });
        Assert.That((_world.Errors.Single().ToString(), _order.Single()), Is.EqualTo(("who: FormatException: One of the identified items was in an invalid format.", "other")));
    }

    [Test]
    public void A_turn_of_a_timer_and_one_of_a_socket_have_ends_too()
    {
        var wire = _world.Wire();
        Hub.Schedule(TimeSpan.FromSeconds(1), () => Hub.AtTurnEnd(Notes, "timer"));
        wire.Do(c => c.UntilEol().Subscribe(_ => Hub.AtTurnEnd(Notes, "socket")));
        _world.Passes(2);
        wire.Peer.Sends("a\r\n");
        Assert.That(_order, Is.EqualTo(new[] { "timer", "socket" }));
    }

    [Test]
    public void The_turn_in_which_the_hub_ends_has_one_too()
    {
        _world.Do(() =>
        {
            Hub.AtTurnEnd(Notes, "end");
            Hub.Dispose();
        });
        Assert.That(_order.Single(), Is.EqualTo("end"));
    }

    [Test]
    public void Outside_of_a_turn_it_is_refused() => Assert.That(() => Hub.AtTurnEnd(Notes), Throws.InvalidOperationException.With.Message.Contains("Post"));

    [Test]
    public void It_allocates_nothing()
    {
        Action<object?> nothing = static _ => { };
        long Asks() => _world.Do(() =>
        {
            var before = GC.GetAllocatedBytesForCurrentThread();
            for (var i = 0; i < 1000; i++)
            {
                Hub.AtTurnEnd(nothing);
            }

            return GC.GetAllocatedBytesForCurrentThread() - before;
        });
        Asks();
        Asks();
        Assert.That(Asks(), Is.Zero);
    }

    private void Notes(object? what) => _order.Add((string)what!);
}
