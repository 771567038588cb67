namespace Diesel.Reactive.Tests;

public class HubRunTests
{
    [Test]
    public void Run_leaves_the_hub_and_brings_the_result_back()
    {
        using var live = new Live();
        var (inside, result, after) = live.Run(async () =>
        {
            var (hub, number) = await live.Hub.Run(static () => (Hub.Current, 42));
            return (hub, number, Hub.Current);
        });
        Assert.That((inside, result, after), Is.EqualTo(((Hub?)null, 42, live.Hub)));
    }

    [Test]
    public void Run_brings_the_error_back()
    {
        using var live = new Live();
        Assert.That(() => live.Run(async () => await live.Hub.Run<int>(static () => throw new FormatException("no"))), Throws.InstanceOf<FormatException>());
    }

    [Test]
    public void Run_may_block_while_the_hub_goes_on()
    {
        using var live = new Live();
        using var gate = new ManualResetEventSlim();
        var waited = live.Run(async () =>
        {
            var blocked = live.Hub.Run(() => gate.Wait(Live.Patience)).FirstAsync().PublishLast();
            using var running = blocked.Connect();
            await live.Hub.Sleep();
            gate.Set();
            return await blocked;
        });
        Assert.That(waited, Is.True);
    }

    [Test]
    public void Run_may_block_in_virtual_time_too()
    {
        using var world = new World();
        using var never = new ManualResetEvent(false);
        Assert.That(world.Watch(world.Hub.Run(() => never.WaitOne(1))).ToString(), Is.EqualTo("False |"));
    }

    [Test]
    public void Run_is_cold()
    {
        using var world = new World();
        var count = 0;
        var work = world.Hub.Run(() => ++count);
        Assert.That((world.Watch(work).ToString(), world.Watch(work).ToString()), Is.EqualTo(("1 |", "2 |")));
    }

    [Test]
    public void An_unsubscribed_run_tells_nobody()
    {
        using var world = new World();
        var story = new Story<int>();
        world.Do(() => world.Hub.Run(static () => 1).Subscribe(story).Dispose());
        Assert.That(story.ToString(), Is.Empty);
    }
}
