using System.Net;
using System.Reactive;
using Diesel.Reactive.Testing;

namespace Diesel.Reactive.Tests;

/// <summary>A connection that is made when it is needed, made ready, and made again.</summary>
[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
public sealed class ReconnectingTests : IDisposable
{
    private static readonly ReconnectOptions Even = new() { Backoff = new() { First = TimeSpan.FromSeconds(1), Jitter = false } };
    private static readonly EndPoint Server = IPEndPoint.Parse("10.0.0.1:7");

    private readonly World _world = new();
    private readonly Story<ClientState> _states = new();
    private Func<Connection, Task> _prepare = static _ => Task.CompletedTask;

    public void Dispose() => _world.Dispose();

    [Test]
    public void Nothing_is_dialled_before_somebody_needs_it()
    {
        using var server = _world.Listens(7);
        using var link = Link(Even);
        _world.Passes(60);
        var before = server.Count;
        Assert.That((before, _world.Watch(link.Ready).IsCompleted, _world.Watch(link.Ready).IsCompleted, server.Count), Is.EqualTo((0, true, true, 1)));
    }

    [Test]
    public void Its_state_is_told_from_the_beginning()
    {
        using var server = _world.Listens(7);
        using var link = Link(Even);
        _world.Watch(link.Ready);
        server[0].Resets();
        link.Dispose();
        _world.Settle();
        Assert.That(Told, Is.EqualTo("Disconnected; Connecting; Preparing; Ready; Disconnected: reset again in 1; Disconnected; |"));
    }

    [Test]
    public void An_attempt_that_fails_is_made_again_after_a_pause_that_doubles()
    {
        using var link = Link(Even);
        var ready = _world.Watch(link.Ready);
        _world.Passes(8);
        using var server = _world.Listens(7);
        _world.Passes(7.1);
        Assert.That((ready.IsCompleted, Dials), Is.EqualTo((true, "0 1 3 7 15")));
    }

    [Test]
    public void Who_waits_is_told_what_the_last_attempt_came_to_when_the_time_is_up()
    {
        using var link = Link(Even with { MaxWait = TimeSpan.FromSeconds(5) });
        var first = _world.Watch(link.Ready);
        _world.Passes(2);
        var second = _world.Watch(link.Ready);
        _world.Passes(3);
        Assert.That(($"{first}", $"{second}"), Is.EqualTo(("#ConnectionException", "")));
        _world.Passes(2);
        Assert.That($"{second}", Is.EqualTo("#ConnectionException"));
    }

    [Test]
    public void Nobody_dials_for_those_who_have_left()
    {
        using var link = Link(Even with { MaxWait = TimeSpan.FromSeconds(2) });
        _world.Watch(link.Ready);
        _world.Passes(100);
        Assert.That(Dials, Is.EqualTo("0 1"));
    }

    [Test]
    public void Who_does_not_wait_is_told_at_once_and_the_pause_holds_for_the_next()
    {
        using var link = Link(Even with { MaxWait = TimeSpan.Zero });
        var stories = Enumerable.Range(0, 5).Select(_ => _world.Passes(0.199).Watch(link.Ready)).ToArray();
        _world.Passes(1);
        var later = _world.Watch(link.Ready);
        Assert.That(($"{string.Join(' ', (object[])stories)} {later}", Dials), Is.EqualTo((
            "#ConnectionException #ConnectionException #ConnectionException #ConnectionException #ConnectionException #ConnectionException", "0 2")));
    }

    [Test]
    public void Those_who_may_wait_are_bounded()
    {
        using var link = Link(Even with { MaxWaiting = 2 });
        var waiting = Enumerable.Range(0, 3).Select(_ => _world.Watch(link.Ready)).ToArray();
        Assert.That(string.Join(';', (object[])waiting), Is.EqualTo(";;#InvalidOperationException"));
    }

    [Test]
    public void A_connection_is_prepared_before_anybody_gets_it_and_within_the_attempts_time()
    {
        using var server = _world.Listens(7, static peer => peer.Answers(static line => line == "hello" ? "welcome\r\n" : null));
        _prepare = Greet;
        using var link = Link(Even);
        Assert.That(($"{_world.Watch(link.Ready.Select(connection => connection.Closed.IsCancellationRequested))}", server[0].Received), Is.EqualTo(("False |", "hello\r\n")));
    }

    [Test]
    public void What_is_not_ready_in_time_is_closed_and_tried_again()
    {
        using var server = _world.Listens(7);
        _prepare = Greet;
        using var link = Link(Even, new() { ConnectTimeout = TimeSpan.FromSeconds(3) });
        var ready = _world.Watch(link.Ready);
        _world.Passes(3.5);
        Assert.That((server[0].IsReset, server.Count, _states.Last.Reason!.Message), Is.EqualTo(
            (true, 1, "The connection to 10.0.0.1:7 was not ready within 00:00:03. Raise ConnectTimeout if it is only slow.")));
        _world.Passes(0.6);
        server[1].Sends("welcome\r\n");
        Assert.That((ready.IsCompleted, _world.Trouble), Is.EqualTo((true, "")));
    }

    [TestCase("throws", "FormatException")]
    [TestCase("hears the end", "ConnectionException")]
    public void What_fails_to_prepare_fails_the_attempt_and_leaves_nothing_open(string how, string told)
    {
        using var server = _world.Listens(7);
        _prepare = how switch
        {
            "throws" => static _ => throw new FormatException(),
            _ => Greet,
        };
        using var link = Link(Even with { MaxWait = TimeSpan.Zero });
        var ready = _world.Watch(link.Ready);
        _ = how == "hears the end" ? server[0].Ends() : server[0];
        Assert.That(($"{ready}", server[0].IsReset, _world.Trouble), Is.EqualTo(($"#{told}", true, "")));
    }

    [Test]
    public void A_final_failure_is_told_to_all_who_wait_at_once()
    {
        using var server = _world.Listens(7);
        _prepare = static _ => throw new UnauthorizedAccessException();
        using var link = Link(Even with { IsFinal = static error => error is UnauthorizedAccessException });
        Assert.That($"{_world.Watch(link.Ready)}", Is.EqualTo("#UnauthorizedAccessException"));
    }

    [Test]
    public void A_lost_connection_is_made_again_at_once_when_it_was_well_for_long_and_else_after_a_pause()
    {
        using var server = _world.Listens(7);
        using var link = Link(Even with { KeepConnected = true });
        _world.Passes(11);
        server[0].Resets();
        _world.Passes(0.1);
        server[1].Resets();
        _world.Passes(0.5);
        Assert.That(server.Count, Is.EqualTo(2));
        _world.Passes(0.6);
        Assert.That(server.Count, Is.EqualTo(3));
    }

    [Test]
    public void Of_several_endpoints_the_next_is_tried_at_once_and_then_waited()
    {
        using var server = _world.Listens(9);
        using var link = Link(Even, null, Server, IPEndPoint.Parse("10.0.0.1:8"), IPEndPoint.Parse("10.0.0.1:9"));
        Assert.That((_world.Watch(link.Ready).IsCompleted, _world.Now < 0.01), Is.EqualTo((true, true)));
        server.Dispose();
        _world.Passes(1);
        server[0].Resets();
        _world.Watch(link.Ready);
        _world.Passes(20);
        Assert.That(Dials, Is.EqualTo("0 0 0 2 2 2 4 4 4 8 8 8 16 16 16"));
    }

    [Test]
    public void Retargeted_it_goes_elsewhere_and_lets_the_old_one_go()
    {
        using var old = _world.Listens(7);
        using var other = _world.Listens(8);
        using var link = Link(Even);
        _world.Watch(link.Ready);
        _world.Do(() => link.Retarget(IPEndPoint.Parse("10.0.0.1:8")));
        var ready = _world.Watch(link.Ready.Select(connection => connection.RemoteEndPoint));
        Assert.That(($"{ready}", old[0].HasEnded, other.Count), Is.EqualTo(("10.0.0.1:8 |", true, 1)));
    }

    [Test]
    public void Retargeted_to_where_it_is_nothing_changes_and_between_attempts_nobody_waits_on()
    {
        using var server = _world.Listens(8);
        using var link = Link(Even);
        var ready = _world.Watch(link.Ready);
        _world.Passes(4);
        _world.Do(() => link.Retarget(IPEndPoint.Parse("10.0.0.1:8")));
        Assert.That(ready.IsCompleted, Is.True);
        _world.Do(() => link.Retarget(Server, IPEndPoint.Parse("10.0.0.1:8")));
        Assert.That((_states.Last.Phase, server[0].HasEnded), Is.EqualTo((ClientPhase.Ready, false)));
    }

    [Test]
    public void Disposed_it_closes_what_it_has_and_tells_those_who_wait()
    {
        var link = Link(Even);
        var waiting = _world.Watch(link.Ready);
        _world.Do(link.Dispose);
        Assert.That($"{waiting} {_world.Watch(link.Ready)} {_states.IsCompleted}", Is.EqualTo("#ObjectDisposedException #ObjectDisposedException True"));
    }

    [Test]
    public void Who_observes_may_do_what_it_likes()
    {
        using var server = _world.Listens(7);
        using var link = Link(Even);
        link.State.Subscribe(_ => link.Retarget(Server));
        link.State.Where(static state => state.Phase == ClientPhase.Preparing).Subscribe(static _ => throw new FormatException());
        link.State.Where(static state => state.Phase == ClientPhase.Ready).Subscribe(_ => link.Dispose());
        Assert.That(($"{_world.Watch(link.Ready)}", _world.Trouble), Is.EqualTo(("#ObjectDisposedException", "FormatException")));
    }

    [TestCase(HubKind.Epoll)]
    [TestCase(HubKind.Portable)]
    public void Who_waits_ends_with_the_hub(HubKind kind)
    {
        using var ending = new EndingHub(kind);
        using var link = new Reconnecting<Connection>([IPEndPoint.Parse("127.0.0.1:1")], Task.FromResult, static _ => Observable.Never<Unit>(), options: new() { KeepConnected = true }, hub: ending.Hub);
        async Task Waits() => await link.Ready;
        var waits = Waits();
        ending.Hub.Dispose();
        Assert.That(EndingHub.End(waits), Is.EqualTo("#ObjectDisposedException"));
    }

    private static async Task Greet(Connection connection)
    {
        connection.OnNext("hello\r\n".ToBytes());
        await connection.Read(Framing.UntilEol());
    }

    private string Told => string.Join("; ", _states.Values.Select(Text)) + (_states.IsCompleted ? "; |" : "");

    private string Dials => string.Join(' ', _world.Network.Trace.Entries.Where(static one => one.Kind == TraceKind.Dialled).Select(static one => (int)one.At.TotalSeconds));

    private string Text(ClientState state) =>
        $"{state.Phase}{(state.Reason is null ? "" : ": reset")}{(state.NextAttempt is { } next ? $" again in {(next - _world.Hub.Now).TotalSeconds:0}" : "")}";

    private Reconnecting<Connection> Link(ReconnectOptions options, TcpConnectOptions? connect = null, params EndPoint[] servers)
    {
        var link = new Reconnecting<Connection>(servers.Length > 0 ? servers : [Server], Prepare, Over, null, options, connect, _world.Hub);
        link.State.Subscribe(_states);
        _world.Settle();
        return link;
    }

    private async Task<Connection> Prepare(Connection connection)
    {
        await _prepare(connection);
        return connection;
    }

    private static IObservable<Unit> Over(Connection connection) => connection.Lines().Select(static _ => Unit.Default);
}
