using System.Net;
using System.Net.Sockets;
using System.Reactive.Concurrency;
using System.Reactive.Subjects;

namespace Diesel.Reactive.Tests;

/// <summary>Dials by a resolver that answers slowly, in pieces, falsely or not at all.</summary>
[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
public sealed class ResolverTests : IDisposable
{
    private readonly World _world = new();
    private readonly Subject<ResolvedAddress> _answer = new();
    private readonly ScriptedNames _names;
    private readonly Peers _server;

    public ResolverTests()
    {
        _names = new ScriptedNames(_answer);
        _world.Network.Host("old", IPAddress.Parse("10.0.0.8"), IPAddress.Parse("fd00::8"));
        _server = _world.Listens(_world.Network.Host("old"), new IPEndPoint(IPAddress.Parse("10.0.0.8"), 7));
        _world.Hub.UseResolver(_names);
    }

    public void Dispose()
    {
        _server.Dispose();
        _answer.Dispose();
        _world.Dispose();
    }

    [Test]
    public void The_hubs_resolver_is_asked_once_for_each_dial_and_not_for_an_address_in_text()
    {
        _names.Answer = Observable.Return(At("10.0.0.8"));
        var dials = new[] { "db", "db", "10.0.0.8" }.Select(host => Dial(host).ToString().Length > 0).ToArray();
        Assert.That((string.Join(' ', dials), string.Join(' ', _names.Asked)), Is.EqualTo(("True True True", "db db")));
    }

    [Test]
    public void Without_a_resolver_of_its_own_the_hub_asks_its_network_again()
    {
        _world.Hub.UseResolver(null);
        Assert.That((Dial("old").IsCompleted, _names.Asked.Count), Is.EqualTo((true, 0)));
    }

    [Test]
    public void What_the_resolver_knows_can_be_asked_for()
    {
        _names.Answer = new[] { new ResolvedAddress(IPAddress.Loopback, TimeSpan.FromSeconds(5)), At("fd00::8") }.ToObservable();
        Assert.That($"{_world.Watch(_world.Hub.Resolve("db"))}; {_world.Watch(_world.Hub.Resolve("10.0.0.9"))}", Is.EqualTo(
            "127.0.0.1 for 00:00:05 fd00::8 |; 10.0.0.9 |"));
    }

    [Test]
    public void The_first_address_is_dialled_while_the_resolver_still_looks()
    {
        var dial = Dial("db");
        Tells("10.0.0.8");
        _world.Passes(0.05);
        Assert.That((dial.IsCompleted, _answer.HasObservers), Is.EqualTo((true, false)));
    }

    [Test]
    public void An_IPv4_address_waits_a_moment_for_an_IPv6_one()
    {
        var dial = Dial("db");
        Tells("10.0.0.9");
        _world.Passes(0.04);
        Tells("fd00::8");
        _world.Do(_answer.OnCompleted);
        Assert.That(dial.Error!.Message, Does.StartWith("Cannot connect to db:7. Tried 2 addresses: [fd00::8]:7"));
    }

    [Test]
    public void An_address_that_comes_when_all_before_have_failed_is_dialled_at_once()
    {
        var dial = Dial("db");
        Tells("fd00::9");
        _world.Passes(2);
        Assert.That(dial.IsOver, Is.False, "There may be more.");
        Tells("10.0.0.8");
        Assert.That(dial.IsCompleted, Is.True);
    }

    [Test]
    public void An_answer_that_breaks_off_is_as_good_as_the_addresses_before()
    {
        var dial = Dial("db");
        Tells("10.0.0.8");
        _world.Do(() => _answer.OnError(ConnectionException.NotFound("db", SocketError.TryAgain)));
        Assert.That(dial.IsCompleted, Is.True);
    }

    [Test]
    public void When_all_fail_that_came_before_it_broke_off_the_dials_are_told_and_not_the_resolver()
    {
        var dial = Dial("db");
        Tells("10.0.0.9");
        _world.Do(() => _answer.OnError(ConnectionException.NotFound("db", SocketError.TryAgain)));
        Assert.That(dial.Error!.Message, Does.StartWith("Cannot connect to 10.0.0.9:7"));
    }

    [Test]
    public void A_resolver_that_does_not_answer_is_given_up_in_time()
    {
        var dial = Dial("db", new() { ConnectTimeout = TimeSpan.FromSeconds(3) });
        _world.Passes(3);
        Assert.That((dial.Error!.Message, _answer.HasObservers), Is.EqualTo(
            ("No connection to db:7 within 00:00:03. Is it reachable? Raise ConnectTimeout if it is only slow.", false)));
    }

    [TestCase("fails", "#InvalidOperationException")]
    [TestCase("throws", "#NotSupportedException")]
    [TestCase("null", "#InvalidOperationException")]
    [TestCase("no address", "#InvalidOperationException")]
    [TestCase("empty", "#ConnectionException")]
    public void What_the_resolver_does_wrong_fails_the_dial_that_asked_it(string how, string told)
    {
        _names.Answer = how switch
        {
            "fails" => Observable.Throw<ResolvedAddress>(new InvalidOperationException("no")),
            "throws" => Observable.Create<ResolvedAddress>(static IDisposable (IObserver<ResolvedAddress> _) => throw new NotSupportedException()),
            "null" => null!,
            "no address" => Observable.Return(default(ResolvedAddress)),
            _ => Observable.Empty<ResolvedAddress>(),
        };
        Assert.That((Dial("db").ToString(), _world.Trouble), Is.EqualTo((told, "")));
    }

    [Test]
    public void A_resolver_without_end_is_not_dialled_without_end()
    {
        _names.Answer = Observable.Range(0, 100_000).Select(n => new ResolvedAddress(new IPAddress([10, 9, (byte)(n >> 8), (byte)n])));
        Assert.That(Dial("db").Error!.Message, Does.StartWith("Cannot connect to db:7. Tried 64 addresses: "));
    }

    [Test]
    public void A_resolver_that_tells_on_another_thread_is_heard_on_the_hub()
    {
        using var hub = new Hub();
        hub.UseResolver(new ScriptedNames(Observable.Return(new ResolvedAddress(IPAddress.Loopback), ThreadPoolScheduler.Instance).Concat(
            Observable.Throw<ResolvedAddress>(new InvalidOperationException("no more"), ThreadPoolScheduler.Instance))));
        var listening = Tcp.Listen(new IPEndPoint(IPAddress.Loopback, 0), hub: hub);
        using var listens = listening.Subscribe();
        using var connection = Tcp.Connect("db", listening.Port, hub: hub).AsTask().WaitAsync(TimeSpan.FromSeconds(10)).GetAwaiter().GetResult();
        Assert.That(connection.RemoteEndPoint, Is.EqualTo(listening.EndPoint));
    }

    [Test]
    public void A_datagram_socket_asks_it_too()
    {
        _names.Answer = Observable.Return(At("10.0.0.8"));
        Assert.That((_world.Watch(Udp.Connect("db", 7, hub: _world.Hub)).IsCompleted, _names.Asked.Count), Is.EqualTo((true, 1)));
    }

    [Test]
    public void The_next_dial_goes_where_the_resolver_says_then()
    {
        _names.Answer = Observable.Return(At("10.0.0.9"));
        var before = Dial("db");
        _names.Answer = Observable.Return(At("10.0.0.8"));
        Assert.That($"{before.Error!.GetType().Name} {Dial("db").IsCompleted}", Is.EqualTo("ConnectionException True"));
    }

    private static ResolvedAddress At(string address) => new(IPAddress.Parse(address));

    private Story<Connection> Dial(string host, TcpConnectOptions? options = null) => _world.Watch(Tcp.Connect(host, 7, options, _world.Hub));

    private void Tells(string address) => _world.Do(() => _answer.OnNext(At(address)));
}
