namespace Diesel.Reactive.Tests;

public class EndedLoopTests
{
    [Test]
    public void A_loop_that_catches_everything_is_left_at_its_await()
    {
        using var world = new World();
        var caught = 0;
        var (loop, end) = world.Runs(async () =>
        {
            while (true)
            {
                try
                {
                    await world.Hub.Sleep(TimeSpan.FromSeconds(1));
                }
                catch (Exception)
                {
                    caught++;
                }
            }
        });
        world.Passes(0.5);
        loop.Dispose();
        world.Passes(10);
        Assert.That((caught, end.ToString()), Is.EqualTo((17, "|")));
        Assert.That(world.Errors.Single().Exception.Message, Does.Contain("was ended and went on waiting 16 times"));
    }

    [Test]
    public void A_loop_that_cleans_up_asynchronously_is_told_each_time()
    {
        using var world = new World();
        var steps = new List<string>();
        var (loop, _) = world.Runs(async () =>
        {
            try
            {
                await world.Hub.Sleep(TimeSpan.FromHours(1));
            }
            finally
            {
                steps.Add("first");
                try
                {
                    await world.Hub.Sleep(TimeSpan.FromHours(1));
                }
                finally
                {
                    steps.Add("second");
                }
            }
        });
        world.Passes(0.5);
        loop.Dispose();
        world.Passes(0.5);
        Assert.That((string.Join(' ', steps), world.Errors), Is.EqualTo(("first second", Array.Empty<HubError>())));
    }

    [Test]
    public void A_wait_whose_loop_ends_while_it_begins_leaves_no_subscription()
    {
        using var world = new World();
        var (begun, ended) = (0, 0);
        var source = Observable.Create<int>(_ =>
        {
            begun++;
            Loop.Current!.Dispose();
            return () => ended++;
        });
        var (_, end) = world.Runs(async () => await First.Of(source, Observable.Never<int>()));
        Assert.That((begun, ended, end.ToString(), world.Trouble), Is.EqualTo((1, 1, "|", "")));
    }
}
