using System.Net;

namespace Diesel.Reactive.Tests;

/// <summary>Calls over several servers.</summary>
[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
public sealed class BalancedCallsTests : IDisposable
{
    private static readonly EndPoint[] All = [.. new[] { 1, 2, 3 }.Select(port => new IPEndPoint(World.Here, port))];

    private readonly World _world = new();
    private readonly Dictionary<int, Peers> _servers = [];

    public BalancedCallsTests() => Array.ForEach([1, 2, 3], Start);

    public void Dispose() => _world.Dispose();

    [Test]
    public void Calls_are_spread_and_share_one_connection_to_each()
    {
        using var calls = Calls();
        Assert.That((Says(calls, 9), string.Join(' ', _servers.Values.Select(static server => server.Count))), Is.EqualTo(("1 2 3 1 2 3 1 2 3", "1 1 1")));
    }

    [Test]
    public void Calls_that_wait_for_one_that_is_down_go_to_the_others()
    {
        _servers[2].Dispose();
        using var calls = Calls();
        Assert.That(Says(calls, 5), Does.Not.Contain("2").And.Not.Contain("#"));
    }

    [Test]
    public void One_that_comes_up_gets_calls_when_a_probe_has_found_it()
    {
        _servers[2].Dispose();
        using var calls = Calls();
        Says(calls, 5);
        Start(2);
        _world.Passes(60);
        Assert.That(Says(calls, 3).Order(), Is.EqualTo("1 2 3".Order()));
    }

    [Test]
    public void Retargeted_calls_go_there_and_what_is_in_flight_is_answered()
    {
        using var calls = Calls(All[0]);
        var slow = _world.Watch(calls.Ask(new Say(Tongue.InOrder, "slow")));
        _world.Do(() => calls.Retarget(All[1]));
        var next = Says(calls, 2);
        _servers[1][0].Sends("late\r\n");
        Assert.That(($"{slow}", next, _servers[1][0].HasEnded), Is.EqualTo(("late |", "2 2", true)));
    }

    [Test]
    public void When_all_are_down_calls_are_told_when_their_time_is_up()
    {
        Array.ForEach([1, 2, 3], port => _servers[port].Dispose());
        using var calls = Calls();
        var call = _world.Watch(calls.Ask(new Say(Tongue.InOrder, "a")));
        _world.Passes(11);
        Assert.That($"{call}", Is.EqualTo("#ConnectionException"));
    }

    [Test]
    public void Disposed_it_takes_no_calls()
    {
        var calls = Calls();
        _world.Do(calls.Dispose);
        Assert.That(Says(calls, 1), Is.EqualTo("#ObjectDisposedException"));
    }

    [Test]
    public void Calls_may_come_from_any_thread()
    {
        using var live = new Live();
        var listenings = Enumerable.Range(0, 3).Select(_ => Tcp.Listen(new IPEndPoint(IPAddress.Loopback, 0), hub: live.Hub)).ToArray();
        Array.ForEach(listenings, listening => listening.Subscribe(static connection => connection.Lines().Subscribe(line => connection.OnNext($"{line}\r\n".ToBytes()))));
        using var calls = new BalancedCalls<Said>([.. listenings.Select(static one => one.EndPoint)], to => new ReconnectingCalls<Said>([to], Begin, hub: live.Hub), hub: live.Hub);
        var all = Task.WhenAll(Enumerable.Range(0, 200).Select(n => Task.Run(async () => await calls.Ask(new Say(Tongue.InOrder, $"{n}")) == $"{n}")));
        Assert.That(live.Await(all), Has.All.True);
    }

    private string Says(BalancedCalls<Said> calls, int count)
    {
        var stories = _world.Do(() => Enumerable.Range(0, count).Select(_ => Story.Of(calls.Ask(new Say(Tongue.InOrder, "a")))).ToArray());
        _world.Passes(0.5);
        return string.Join(' ', stories.Select(static story => story.Error is null ? $"{story.Last}" : $"{story}"));
    }

    private void Start(int port) => _servers[port] = _world.Listens(port, peer => peer.Answers(line => line == "slow" ? null : $"{port}\r\n"));

    private BalancedCalls<Said> Calls(params EndPoint[] endPoints) => new(
        endPoints.Length > 0 ? endPoints : All,
        to => new ReconnectingCalls<Said>([to], Begin, options: new() { MaxWait = TimeSpan.FromSeconds(10) }, hub: _world.Hub),
        new() { Policy = Balancing.LeastLoaded },
        _world.Hub);

    private static Task<Pipeline<Said>> Begin(Connection connection, CallQueue<Said> queue) =>
        Task.FromResult(new Pipeline<Said>(connection, Tongue.InOrder.Framing, Tongue.InOrder.Correlation, queue: queue));
}
