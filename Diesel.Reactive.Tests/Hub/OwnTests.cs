using System.Reactive.Disposables;

namespace Diesel.Reactive.Tests;

/// <summary><c>Own</c>: what ends with its hub.</summary>
public class OwnTests
{
    [Test]
    public void It_is_disposed_once_on_the_hub_when_that_ends([Values] HubKind kind)
    {
        using var ending = new EndingHub(kind);
        var (hubs, gone) = (new List<Hub?>(), new ManualResetEventSlim());
        ending.Hub.Own(Disposable.Create(() =>
        {
            hubs.Add(Hub.Current);
            gone.Set();
        }));
        Assert.That(hubs, Is.Empty);
        ending.Hub.Dispose();
        Assert.That(gone.Wait(Live.Patience), Is.True);
        Assert.That(hubs, Is.EqualTo(new[] { ending.Hub }));
    }

    [Test]
    public void Let_go_of_it_is_nobodys()
    {
        using var world = new World();
        var disposed = 0;
        var owned = world.Hub.Own(Disposable.Create(() => disposed++));
        owned.Dispose();
        owned.Dispose();
        world.Hub.Dispose();
        owned.Dispose();
        Assert.That(disposed, Is.Zero);
    }

    [Test]
    public void Let_go_of_while_the_hub_ends_it_is_nobodys()
    {
        using var world = new World();
        var (disposed, later) = (0, Disposable.Empty);
        world.Hub.Own(Disposable.Create(() => later.Dispose()));
        later = world.Hub.Own(Disposable.Create(() => disposed++));
        world.Hub.Dispose();
        Assert.That(disposed, Is.Zero);
    }

    [Test]
    public void On_a_hub_that_has_ended_it_is_disposed_at_once()
    {
        using var world = new World();
        world.Hub.Dispose();
        var disposed = 0;
        world.Hub.Own(Disposable.Create(() => disposed++)).Dispose();
        Assert.That(disposed, Is.EqualTo(1));
    }

    [Test]
    public void One_that_throws_is_reported_by_its_name_and_the_others_are_disposed()
    {
        using var world = new World();
        var disposed = 0;
        world.Hub.Own(Disposable.Create(() => disposed++));
        world.Hub.Own(new Broken());
        world.Hub.Own(Disposable.Create(() => disposed++));
        world.Hub.Dispose();
        Assert.That((disposed, world.Errors.Single().ToString()), Is.EqualTo((2, "a broken thing: FormatException: no")));
    }

    [Test]
    public void Of_threads_that_race_its_end_each_thing_is_disposed_once_or_let_go_of()
    {
        for (var round = 0; round < 50; round++)
        {
            using var hub = new Hub();
            var disposed = new int[40];
            Parallel.For(0, disposed.Length, i =>
            {
                var owned = hub.Own(Disposable.Create(() => Interlocked.Increment(ref disposed[i])));
                if (i % 4 == 0)
                {
                    owned.Dispose();
                }

                if (i == 20)
                {
                    hub.Dispose();
                }
            });
            Assert.That(() => disposed.Where(static (_, i) => i % 4 != 0), Is.All.EqualTo(1).After((int)Live.Patience.TotalMilliseconds, 1));
            Assert.That(disposed, Is.All.LessThanOrEqualTo(1));
        }
    }

    private sealed class Broken : IDisposable
    {
        public void Dispose() => throw new FormatException("no");

        public override string ToString() => "a broken thing";
    }
}
