using System.Net;

namespace Diesel.Reactive.Tests;

/// <summary>Where a host is, now and as that changes.</summary>
public class NameFollowTests
{
    private World _world = null!;
    private ScriptedNames _names = null!;

    [SetUp]
    public void Begin()
    {
        _world = new World();
        _names = new ScriptedNames(Tells(10, "10.0.0.1", "10.0.0.2"));
        _world.Hub.UseResolver(_names);
    }

    [TearDown]
    public void End() => _world.Dispose();

    [Test]
    public void It_is_told_at_once_and_again_when_it_is_elsewhere_and_the_first_address_has_lived_its_time()
    {
        _names.Answer = Tells(4, "10.0.0.1").Concat(Tells(10, "10.0.0.2"));
        var told = Follows();
        Assert.That(Text(told), Is.EqualTo("10.0.0.1:7,10.0.0.2:7"));
        _names.Answer = Tells(100, "10.0.0.3");
        _world.Passes(3.9);
        Assert.That(told.Values, Has.Count.EqualTo(1));
        _world.Passes(0.2);
        Assert.That(Text(told), Is.EqualTo("10.0.0.1:7,10.0.0.2:7 10.0.0.3:7"));
        _world.Passes(90);
        Assert.That(_names.Asked, Has.Count.EqualTo(2));
    }

    [Test]
    public void The_same_in_another_order_is_no_news()
    {
        var told = Follows();
        _names.Answer = Tells(10, "10.0.0.2", "10.0.0.1");
        _world.Passes(11);
        Assert.That((_names.Asked.Count, told.Values.Count), Is.EqualTo((2, 1)));
    }

    [TestCase(0, 1.0)]
    [TestCase(100_000, 300.0)]
    [TestCase(null, 30.0)]
    public void It_is_asked_neither_without_end_nor_never_again(int? alive, double after)
    {
        _names.Answer = Tells(alive, "10.0.0.1");
        Follows();
        _world.Passes(after - 0.1);
        Assert.That(_names.Asked, Has.Count.EqualTo(1));
        _world.Passes(0.2);
        Assert.That(_names.Asked, Has.Count.EqualTo(2));
    }

    [Test]
    public void A_lookup_that_fails_changes_nothing_is_told_once_and_made_again()
    {
        var told = Follows();
        _names.Answer = Observable.Throw<ResolvedAddress>(new TimeoutException("no answer"));
        _world.Passes(60);
        Assert.That((told.IsOver, told.Values.Count, _world.Trouble), Is.EqualTo((false, 1, "TimeoutException")));
        Assert.That(_names.Asked.Count, Is.InRange(5, 40));
        _names.Answer = Tells(10, "10.0.0.3");
        _world.Passes(61);
        Assert.That(Text(told), Does.EndWith(" 10.0.0.3:7"));
    }

    [Test]
    public void An_address_in_text_is_told_once_and_nobody_is_asked()
    {
        var told = _world.Watch(_world.Hub.Follow("10.0.0.9", 7));
        _world.Passes(1000);
        Assert.That((Text(told), _names.Asked.Count), Is.EqualTo(("10.0.0.9:7", 0)));
    }

    [Test]
    public void Who_has_left_asks_no_more_and_who_stays_is_told_of_the_hubs_end()
    {
        var (left, stays) = (Follows(), Follows());
        _world.Do(left.Subscription!.Dispose);
        _world.Passes(10.5);
        Assert.That(_names.Asked, Has.Count.EqualTo(3));
        _world.Hub.Dispose();
        Assert.That((left.Error, stays.Error is ObjectDisposedException), Is.EqualTo(((Exception?)null, true)));
        Assert.That(Story.Of(_world.Hub.Follow("db.example", 7)).Error, Is.InstanceOf<ObjectDisposedException>());
    }

    [Test]
    public void A_pool_follows_it_and_what_is_under_way_comes_to_its_end()
    {
        foreach (var address in (string[])["10.1.0.1", "10.1.0.2"])
        {
            _world.Listens(_world.Network.Host($"host{address[^1]}", IPAddress.Parse(address)), IPEndPoint.Parse($"{address}:7"));
        }

        _names.Answer = Tells(10, "10.1.0.1");
        var pool = ConnectionPool.Of([new DnsEndPoint("unused", 7)], hub: _world.Hub);
        using var following = _world.Hub.Follow("db.example", 7).Subscribe(pool.Retarget);
        _world.Settle();
        var lease = _world.Watch(pool.Borrow()).Last;
        _names.Answer = Tells(10, "10.1.0.2");
        _world.Passes(11);
        var next = _world.Watch(pool.Borrow()).Last;
        Assert.That(($"{lease.Value.RemoteEndPoint}", $"{next.Value.RemoteEndPoint}", lease.Value.Closed.IsCancellationRequested), Is.EqualTo(("10.1.0.1:7", "10.1.0.2:7", false)));
        _world.Do(lease.Dispose);
        Assert.That(string.Join(' ', pool.Counts.Select(static one => $"{one.EndPoint}")), Is.EqualTo("10.1.0.2:7"));
    }

    private static IObservable<ResolvedAddress> Tells(int? seconds, params string[] addresses) =>
        addresses.Select(address => new ResolvedAddress(IPAddress.Parse(address), seconds is { } s ? TimeSpan.FromSeconds(s) : null)).ToObservable();

    private static string Text(Story<IReadOnlyList<EndPoint>> told) => string.Join(' ', told.Values.Select(static all => string.Join(',', all)));

    private Story<IReadOnlyList<EndPoint>> Follows() => _world.Watch(_world.Hub.Follow("db.example", 7));
}
