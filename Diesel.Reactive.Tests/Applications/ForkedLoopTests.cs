namespace Diesel.Reactive.Tests;

/// <summary>Loops forked while an application runs belong to it.</summary>
public class ForkedLoopTests
{
    [Test]
    public void An_application_goes_on_until_a_forked_loop_has_ended()
    {
        using var hub = new Hub();
        var application = new Application(hub);
        var ended = false;
        application.Add(() =>
        {
            hub.Fork(async () =>
            {
                await hub.Sleep();
                ended = true;
            });
        });
        application.Run();
        Assert.That(ended);
    }

    [Test]
    public void A_forked_loop_ends_with_the_application()
    {
        using var hub = new Hub();
        var application = new Application(hub);
        Loop? forked = null;
        application.Add(() =>
        {
            forked = hub.Fork(Observable.Never<int>());
            hub.Fork(application.Stop);
        });
        application.Run();
        Assert.That(forked!.IsRunning, Is.False);
    }

    [Test]
    public void A_loop_has_the_name_of_its_local_function()
    {
        using var world = new World();
        static Task Watch() => Task.CompletedTask;
        Assert.That(world.Hub.Fork(Watch).Name, Is.EqualTo("Watch"));
    }
}
