using System.Reactive.Subjects;

namespace Diesel.Reactive.Tests;

/// <summary>Sequences that are asked for page by page.</summary>
public class PagesTests
{
    private World _world = null!;
    private List<int> _asked = null!;

    [SetUp]
    public void Begin() => (_world, _asked) = (new World(), []);

    [TearDown]
    public void End() => _world.Dispose();

    [Test]
    public void Pages_are_one_sequence() => Assert.That($"{_world.Watch(Of(3, 2))}", Is.EqualTo("0 1 10 11 20 21 |"));

    [Test]
    public void Each_subscription_begins_anew()
    {
        var pages = Of(2, 1);
        Assert.That(($"{_world.Watch(pages)}", $"{_world.Watch(pages)}", _asked.Count), Is.EqualTo(("0 10 |", "0 10 |", 4)));
    }

    [Test]
    public void Empty_pages_give_nothing() => Assert.That(($"{_world.Watch(Of(5, 0))}", _asked.Count), Is.EqualTo(("|", 5)));

    [Test]
    public void A_page_that_never_comes_is_waited_for_and_given_up()
    {
        var page = new Subject<Page<int, int>>();
        var story = _world.Watch(Pages.Of(0, _ => page, _world.Hub));
        Assert.That(($"{story}", page.HasObservers), Is.EqualTo(("", true)));
        _world.Do(story.Subscription!.Dispose);
        Assert.That(page.HasObservers, Is.False);
    }

    [Test]
    public void A_page_that_fails_ends_it() =>
        Assert.That($"{_world.Watch(Of(9, 1, page => page == 2 ? Observable.Throw<Page<int, int>>(new FormatException()) : null))}", Is.EqualTo("0 10 #FormatException"));

    [Test]
    public void A_page_that_is_not_there_ends_it() =>
        Assert.That($"{_world.Watch(Of(9, 1, page => page == 2 ? Observable.Empty<Page<int, int>>() : null))}", Is.EqualTo("0 10 #EndOfStreamException"));

    [Test]
    public void A_function_that_throws_ends_it() =>
        Assert.That($"{_world.Watch(Of(9, 1, page => page == 2 ? throw new FormatException() : null))}", Is.EqualTo("0 10 #FormatException"));

    [Test]
    public void An_observer_that_throws_is_told_nothing_more()
    {
        var seen = 0;
        _world.Do(() => Of(9, 2).Subscribe(_ => throw new FormatException($"{seen++}")));
        Assert.That((seen, _asked.Count, _world.Trouble), Is.EqualTo((1, 1, "FormatException")));
    }

    [Test]
    public void Who_leaves_in_the_middle_of_a_page_asks_for_no_other()
    {
        Assert.That($"{_world.Watch(Of(9, 3).Take(4))}", Is.EqualTo("0 1 2 10 |"));
        Assert.That(_asked, Is.EqualTo(new[] { 0, 1 }));
    }

    [Test]
    public void A_million_pages_that_are_there_do_not_grow_the_stack() =>
        Assert.That(_world.Watch(Pages.Of(0, page => Observable.Return(new Page<int, int>([page], page + 1, page == 999_999)), _world.Hub).Count()).Last, Is.EqualTo(1_000_000));

    [Test]
    public void Held_it_gives_nothing_and_asks_for_nothing()
    {
        var pages = Of(3, 2);
        var (story, hold) = (new Story<int>(), default(IDisposable));
        _world.Do(() => pages.Do(item => hold ??= item == 10 ? ((IPausable)pages).Pause() : null).Subscribe(story));
        Assert.That(($"{story}", _asked.Count), Is.EqualTo(("0 1 10", 2)));
        _world.Do(hold!.Dispose);
        Assert.That(($"{story}", _asked.Count), Is.EqualTo(("0 1 10 11 20 21 |", 3)));
    }

    [Test]
    public void A_loop_is_given_what_it_takes()
    {
        _world.Play(async () =>
        {
            await foreach (var item in Of(9, 2).ReadAllAsync(1).Take(3))
            {
                Assert.That(_asked, Has.Count.EqualTo((item / 10) + (item % 10) + 1), "The next page is asked for when the last item was taken.");
            }
        });
        Assert.That(_asked, Has.Count.LessThanOrEqualTo(2));
    }

    [Test]
    public void Pages_from_another_thread_are_delivered_on_the_hub()
    {
        using var live = new Live();
        var all = live.Await(Pages.Of(0, page => Observable.Return(new Page<int, bool>([live.Hub.IsCurrent], page + 1, page == 99), System.Reactive.Concurrency.TaskPoolScheduler.Default), live.Hub)
            .Select(_ => live.Hub.IsCurrent).ToList());
        Assert.That(all, Has.Count.EqualTo(100).And.All.True);
    }

    // Page n has the items 10 n and on.
    private IObservable<int> Of(int pages, int items, Func<int, IObservable<Page<int, int>>?>? instead = null) => Pages.Of(
        0,
        page =>
        {
            _asked.Add(page);
            return instead?.Invoke(page) ?? Observable.Return(new Page<int, int>([.. Enumerable.Range(page * 10, items)], page + 1, page == pages - 1));
        },
        _world.Hub);
}
