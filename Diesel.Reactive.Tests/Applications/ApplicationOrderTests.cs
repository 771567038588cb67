using System.Reactive;

namespace Diesel.Reactive.Tests;

/// <summary>Items of an application that depend on each other.</summary>
public class ApplicationOrderTests
{
    [Test]
    public void Items_start_after_those_they_come_after_are_ready_and_stop_in_the_reverse_order()
    {
        using var live = new Live();
        var (application, story) = (new Application(live.Hub) { Log = null }, new List<string>());
        var warm = new Event(live.Hub);
        var store = application.Add(new Told("store", story));
        var cache = application.Add(Loop("cache", story, live), new() { After = [store], Ready = warm.Wait() });
        var web = application.Add(new Told("web", story), new() { After = [cache, store] });
        var running = Task.Run(application.Run);
        live.Await(store.Ready);
        live.Await(live.Hub.Sleep(TimeSpan.FromMilliseconds(50)));
        live.Do(() => story.Add(string.Join(' ', new[] { store, cache, web }.Select(static item => item.State))));
        warm.Set();
        live.Await(application.Ready);
        application.Stop();
        live.Await(running);
        Assert.That(story, Is.EqualTo(new[]
        {
            "store starts", "cache starts", "Ready Starting Waiting", "web starts", "web stops", "cache stops", "store stops",
        }));
    }

    [Test]
    public void A_service_stops_only_when_what_came_after_it_has_stopped()
    {
        using var live = new Live();
        var (application, story) = (new Application(live.Hub) { Log = null }, new List<string>());
        var drained = new AwaitableSource<Unit>();
        var store = application.Add(new Told("store", story));
        var web = application.Add(new Told("web", story, drained), new() { After = [store] });
        var running = Task.Run(application.Run);
        live.Await(application.Ready);
        application.Stop();
        live.Await(live.Hub.Sleep(TimeSpan.FromMilliseconds(50)));
        Assert.That((store.State, web.State), Is.EqualTo((ApplicationItemState.Ready, ApplicationItemState.Stopping)));
        drained.TrySetResult(Unit.Default);
        live.Await(running);
        Assert.That(story, Is.EqualTo(new[] { "store starts", "web starts", "web stops", "store stops" }));
    }

    [Test]
    public void What_keeps_an_item_from_being_ready_stops_the_application_and_Run_throws_it()
    {
        using var live = new Live();
        var (application, story) = (new Application(live.Hub) { Log = null }, new List<string>());
        var store = application.Add(new Told("store", story));
        var cache = application.Add(static () => Task.CompletedTask, new() { After = [store], Ready = Observable.Throw<Unit>(new FormatException("no cache")) });
        var web = application.Add(new Told("web", story), new() { After = [cache] });
        Assert.That(() => live.Await(Task.Run(application.Run)), Throws.InstanceOf<FormatException>().With.Message.EqualTo("no cache"));
        Assert.That(story, Is.EqualTo(new[] { "store starts", "store stops" }));
        Assert.That(() => live.Await(web.Ready), Throws.InstanceOf<OperationCanceledException>());
    }

    [Test]
    public void A_loop_that_ends_before_it_is_ready_stops_the_application([Values] bool fails)
    {
        using var live = new Live();
        var application = new Application(live.Hub) { Log = null };
        application.Add(
            () => fails ? Task.FromException(new FormatException()) : Task.CompletedTask,
            new() { Name = "cache", Ready = Observable.Never<Unit>() });
        Assert.That(() => live.Await(Task.Run(application.Run)), fails
            ? Throws.InstanceOf<FormatException>()
            : Throws.InvalidOperationException.With.Message.StartsWith("'cache' ended before it was ready"));
    }

    [Test]
    public void A_service_that_cannot_start_after_others_stops_the_application_and_Run_throws_it()
    {
        using var live = new Live();
        using var taken = new RawPeer();
        var (application, story) = (new Application(live.Hub) { Log = null }, new List<string>());
        var store = application.Add(new Told("store", story));
        application.Add(new TcpService(new System.Net.IPEndPoint(System.Net.IPAddress.Loopback, taken.Port), static c => c), new() { After = [store] });
        Assert.That(() => live.Await(Task.Run(application.Run)), Throws.InstanceOf<ConnectionException>());
        Assert.That(story, Is.EqualTo(new[] { "store starts", "store stops" }));
    }

    [Test]
    public void An_item_that_was_waiting_when_the_application_stopped_never_starts()
    {
        using var live = new Live();
        var (application, story) = (new Application(live.Hub) { Log = null }, new List<string>());
        var store = application.Add(new Told("store", story), new() { Ready = Observable.Never<Unit>() });
        var web = application.Add(new Told("web", story), new() { After = [store] });
        application.Add(application.Stop);
        live.Await(Task.Run(application.Run));
        Assert.That((web.State, string.Join(", ", story)), Is.EqualTo((ApplicationItemState.Ended, "store starts, store stops")));
    }

    [Test]
    public void An_item_added_while_it_runs_comes_after_others_as_well()
    {
        using var live = new Live();
        var (application, story) = (new Application(live.Hub) { Log = null }, new List<string>());
        var warm = new Event(live.Hub);
        var store = application.Add(new Told("store", story), new() { Ready = warm.Wait() });
        var running = Task.Run(application.Run);
        live.Await(Observable.Interval(TimeSpan.FromMilliseconds(1), live.Hub).FirstAsync(_ => store.State == ApplicationItemState.Starting));
        var web = application.Add(new Told("web", story), new() { After = [store] });
        warm.Set();
        live.Await(web.Ready);
        application.Stop();
        live.Await(running);
        Assert.That(story, Is.EqualTo(new[] { "store starts", "web starts", "web stops", "store stops" }));
    }

    [Test]
    public void A_loop_that_is_kept_alive_keeps_the_application()
    {
        using var live = new Live();
        var (application, lives) = (new Application(live.Hub) { Log = null }, 0);
        application.Add(
            () =>
            {
                if (++lives == 3)
                {
                    application.Stop();
                }
            },
            new() { KeepAlive = new() { First = TimeSpan.FromMilliseconds(1) } });
        live.Await(Task.Run(application.Run));
        Assert.That(lives, Is.EqualTo(3));
    }

    [Test]
    public void An_application_whose_only_loop_was_given_up_ends()
    {
        using var live = new Live();
        var application = new Application(live.Hub) { Log = null };
        var item = application.Add(
            static () => throw new FormatException(),
            new() { Name = "crasher", KeepAlive = new() { First = TimeSpan.FromMilliseconds(1) }, RestartLimit = new(2, TimeSpan.FromMinutes(1)) });
        live.Await(Task.Run(application.Run));
        Assert.That((item.Loop!.Deaths, item.Loop.Name), Is.EqualTo((3, "crasher")));
        Assert.That(live.Await(live.Errors.FirstAsync(static error => error.Exception is RestartLimitException)).Source, Is.EqualTo("loop 'crasher'"));
    }

    [Test]
    public void An_item_of_another_application_cannot_be_waited_for()
    {
        using var live = new Live();
        var stranger = new Application(live.Hub).Add(static () => { });
        Assert.That(
            () => new Application(live.Hub).Add(static () => { }, new() { Name = "web", After = [stranger] }),
            Throws.ArgumentException.With.Message.StartsWith("'web' cannot come after"));
    }

    private static Func<Task> Loop(string name, List<string> story, Live live) => async () =>
    {
        story.Add($"{name} starts");
        try
        {
            await live.Hub.Sleep(TimeSpan.FromHours(1));
        }
        finally
        {
            story.Add($"{name} stops");
        }
    };

    private sealed class Told(string name, List<string> story, Awaitable<Unit>? drained = null) : IService
    {
        public void Start(Hub? hub = null) => story.Add($"{name} starts");

        public Awaitable<Unit> Stop()
        {
            story.Add($"{name} stops");
            return drained ?? Observable.Return(Unit.Default).ToAwaitable();
        }

        public ValueTask DisposeAsync() => ValueTask.CompletedTask;

        public override string ToString() => name;
    }
}
