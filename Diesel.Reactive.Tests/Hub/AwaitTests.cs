namespace Diesel.Reactive.Tests;

/// <summary>Where <c>await</c> resumes.</summary>
public class AwaitTests
{
    [Test]
    public void Await_of_a_foreign_task_resumes_on_the_hub_in_the_same_loop()
    {
        using var live = new Live();
        var (hub, loop, same) = live.Run(async () =>
        {
            var before = Loop.Current;
            await Task.Run(static () => { });
            return (Hub.Current, Loop.Current, ReferenceEquals(before, Loop.Current));
        });
        Assert.That((hub, loop is not null, same), Is.EqualTo((live.Hub, true, true)));
    }

    [Test]
    public void Await_of_a_foreign_observable_resumes_on_the_hub()
    {
        using var live = new Live();
        var hub = live.Run(async () =>
        {
            await Observable.Timer(TimeSpan.FromMilliseconds(1));
            return Hub.Current;
        });
        Assert.That(hub, Is.SameAs(live.Hub));
    }

    [Test]
    public void Await_of_things_of_the_hub_resumes_on_it()
    {
        using var live = new Live();
        var hub = live.Run(async () =>
        {
            await live.Hub.Sleep();
            await live.Hub.Run(static () => { });
            return Hub.Current;
        });
        Assert.That(hub, Is.SameAs(live.Hub));
    }

    [Test]
    public void Await_outside_the_hub_resumes_where_a_task_would()
    {
        using var live = new Live();
        var hub = Task.Run(async () =>
        {
            await live.Hub.Sleep(TimeSpan.FromMilliseconds(1));
            return Hub.Current;
        });
        Assert.That(live.Await(hub), Is.Null);
    }

    [Test]
    public async Task What_a_program_awaits_does_not_put_it_onto_the_hub()
    {
        using var hub = new Hub();
        using var peer = new RawPeer();
        using var connection = await Tcp.Connect("127.0.0.1", peer.Port, hub: hub);
        Assert.That((Hub.Current, SynchronizationContext.Current as HubContext), Is.EqualTo(((Hub?)null, (HubContext?)null)));
        using var socket = await Udp.Bind(new System.Net.IPEndPoint(System.Net.IPAddress.Loopback, 0), hub: hub);
        Assert.That(Hub.Current, Is.Null);
        await hub.Fork(() => { }).Ended.Timeout(TimeSpan.FromSeconds(30));
        Assert.That(Hub.Current, Is.Null);
    }

    [Test]
    public void Send_of_the_hubs_context_runs_there_and_brings_the_error_back()
    {
        using var live = new Live();
        var (context, hub) = (live.Do(static () => SynchronizationContext.Current!), (Hub?)null);
        context.Send(_ => hub = Hub.Current, null);
        Assert.That(hub, Is.SameAs(live.Hub));
        Assert.That(() => context.Send(static _ => throw new FormatException(), null), Throws.InstanceOf<FormatException>());
    }

    [Test]
    public void Many_waits_at_once_are_resumed_each_in_its_own_loop()
    {
        using var world = new World();
        var loops = new List<bool>();
        for (var i = 0; i < 10; i++)
        {
            world.Hub.Fork(async () =>
            {
                var before = Loop.Current;
                await world.Hub.Sleep(TimeSpan.FromSeconds(1));
                loops.Add(before == Loop.Current);
            });
        }

        world.Passes(2);
        Assert.That(loops, Is.EqualTo(Enumerable.Repeat(true, 10)));
    }

    [Test]
    public void WhenAll_of_several_waits_in_one_loop_works()
    {
        using var world = new World();
        async Task<double> Wakes(double seconds)
        {
            await world.Hub.Sleep(TimeSpan.FromSeconds(seconds));
            return seconds;
        }

        double[]? woken = null;
        world.Runs(async () => woken = await Task.WhenAll(Wakes(2), Wakes(1), Wakes(0)));
        world.Passes(3);
        Assert.That(woken, Is.EqualTo(new[] { 2.0, 1, 0 }));
    }

    [Test]
    public void A_time_limit_may_have_an_error_of_its_own()
    {
        using var world = new World();
        var never = new AwaitableSource<int>("an answer");
        var late = world.Watch(never.Timeout(TimeSpan.FromSeconds(1), what => new IOException($"{what}: too late"), world.Hub));
        var broken = world.Watch(never.Timeout(TimeSpan.FromSeconds(1), _ => throw new FormatException(), world.Hub));
        world.Passes(1);
        Assert.That((late.Error?.Message, late.Error?.GetType(), $"{broken}"), Is.EqualTo(("an answer within 00:00:01: too late", typeof(IOException), "#FormatException")));
    }
}
