using System.Net;
using System.Reactive.Disposables;

namespace Diesel.Reactive.Tests;

/// <summary>What was made for somebody who has left in that moment is closed again: nobody else knows of it.</summary>
public class UnclaimedTests
{
    [Test]
    public void What_a_call_made_while_its_caller_left()
    {
        using var world = new World();
        var made = new BooleanDisposable();
        IDisposable? waiting = null;
        var told = new Story<BooleanDisposable>();
        waiting = new HubCall<BooleanDisposable>(world.Hub, _ =>
        {
            waiting!.Dispose();
            return made;
        }, "something").Subscribe(told);
        world.Settle();
        Assert.That((made.IsDisposed, $"{told}"), Is.EqualTo((true, "")));
    }

    [Test]
    public void What_a_call_made_for_who_stays_is_his()
    {
        using var world = new World();
        using var made = new BooleanDisposable();
        var told = world.Watch(new HubCall<BooleanDisposable>(world.Hub, _ => made, "something"));
        told.Subscription!.Dispose();
        world.Settle();
        Assert.That((made.IsDisposed, told.Last == made, told.IsCompleted), Is.EqualTo((false, true, true)));
    }

    [Test]
    public void What_an_attempt_came_to_while_who_wanted_it_left()
    {
        using var world = new World();
        var (made, told) = (new BooleanDisposable(), new Story<BooleanDisposable>());
        var attempt = new Attempt(world.Hub, told);
        world.Do(() => attempt.Begin());
        world.Do(() => attempt.ComesTo(made, attempt.Dispose));
        Assert.That((made.IsDisposed, $"{told}"), Is.EqualTo((true, "")));
    }

    [Test]
    public void What_came_from_off_the_hub_when_nobody_wanted_it_any_more()
    {
        using var world = new World();
        var (made, step, told) = (new BooleanDisposable(), new TaskCompletionSource<BooleanDisposable>(), new Story<BooleanDisposable>());
        var waiting = OffHub.Run(world.Hub, told, _ => step.Task);
        waiting.Dispose();
        step.SetResult(made);
        Assert.That(() => made.IsDisposed, Is.True.After((int)Live.Patience.TotalMilliseconds, 5));
        world.Settle();
        Assert.That($"{told}", Is.Empty);
    }

    [Test]
    public void A_connection_of_the_networks_that_nobody_wants_is_reset()
    {
        using var world = new World();
        Peer? there = null;
        using var listening = world.Listens(7, peer => there = peer);
        var dial = world.Watch(world.Hub.Network.Connect(new IPEndPoint(World.Here, 7), new()));
        world.Do(() => Unclaimed.LetGo(dial.Last));
        Assert.That(there!.IsReset);
    }

    private sealed class Attempt(Diesel.Reactive.Hub hub, IObserver<BooleanDisposable> observer) : HubAttempt<BooleanDisposable>(hub, observer, "something")
    {
        private Action? _meanwhile;

        public void ComesTo(BooleanDisposable value, Action meanwhile)
        {
            _meanwhile = meanwhile;
            Succeed(value);
        }

        protected override void Start()
        {
        }

        // As on another thread: between its coming out and its being told.
        protected override void GiveUp() => Interlocked.Exchange(ref _meanwhile, null)?.Invoke();

        protected override void Give(BooleanDisposable value, IObserver<BooleanDisposable> to) => to.OnNext(value);
    }
}
