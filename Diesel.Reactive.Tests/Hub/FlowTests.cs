using System.Reactive.Concurrency;

namespace Diesel.Reactive.Tests;

/// <summary>What flows with the code of one item (an <see cref="AsyncLocal{T}"/>) is not seen by the next.</summary>
public class FlowTests
{
    private readonly AsyncLocal<string?> _local = new();

    [Test]
    public void Posted_work_sees_nothing_of_other_posted_work([Values] HubKind kind) => Assert.That(
        Seen(kind, static (hub, item) => hub.Post(_ => item())), Is.EqualTo(new string?[] { null, null }));

    [Test]
    public void Scheduled_work_sees_nothing_of_other_scheduled_work([Values] HubKind kind) => Assert.That(
        Seen(kind, static (hub, item) => hub.Schedule(item)), Is.EqualTo(new string?[] { null, null }));

    [Test]
    public void Timers_see_nothing_of_each_other([Values] HubKind kind) => Assert.That(
        Seen(kind, static (hub, item) => hub.Schedule(TimeSpan.FromTicks(1), item)), Is.EqualTo(new string?[] { null, null }));

    [Test]
    public void Loops_see_nothing_of_each_other([Values] HubKind kind) => Assert.That(
        Seen(kind, static (hub, item) => hub.Fork(item)), Is.EqualTo(new string?[] { null, null }));

    [Test]
    public void What_suppresses_the_flow_does_so_for_itself([Values] HubKind kind)
    {
        using var ending = new EndingHub(kind);
        var suppressed = new List<bool>();
        ending.Do(() =>
        {
            ending.Hub.Post(static _ => ExecutionContext.SuppressFlow());
            ending.Hub.Post(_ => suppressed.Add(ExecutionContext.IsFlowSuppressed()));
        });
        ending.Settle();
        ending.Do(static () => { });
        Assert.That(suppressed, Is.EqualTo(new[] { false }));
    }

    [Test]
    public void Handlers_of_connections_see_nothing_of_each_other([Values(HubKind.Epoll, HubKind.Portable, HubKind.Scheduler)] HubKind kind)
    {
        using var ending = new EndingHub(kind);
        var service = new TcpService(0, connection => connection.UntilEol().Select(line =>
        {
            var seen = _local.Value;
            _local.Value = line.ToText();
            return $"{seen ?? "nothing"}\r\n".ToBytes();
        }));
        ending.Do(() => service.Start(ending.Hub));
        using var one = new RawPeer(service.EndPoint);
        using var two = new RawPeer(service.EndPoint);

        // Both are readable in the same turn: the hub is busy until both have sent.
        ending.Do(() =>
        {
            one.Sends("one\r\n");
            two.Sends("two\r\n");
        });
        Assert.That((one.Ends().ReadsToEnd().Text, two.Ends().ReadsToEnd().Text), Is.EqualTo(("nothing\r\n", "nothing\r\n")));
    }

    [Test]
    public void Handlers_that_begin_in_one_turn_see_nothing_of_each_other([Values(HubKind.Epoll, HubKind.Portable, HubKind.Scheduler)] HubKind kind)
    {
        using var ending = new EndingHub(kind);
        var service = new TcpService(0, connection =>
        {
            var seen = _local.Value ?? "nothing";
            _local.Value = "a handler";
            return Observable.Return(seen.ToBytes());
        });
        ending.Do(() => service.Start(ending.Hub));
        RawPeer[] peers = [];
        ending.Do(() => peers = [new RawPeer(service.EndPoint), new RawPeer(service.EndPoint)]);
        Assert.That(peers.Select(static peer => peer.ReadsToEnd().Text), Is.All.EqualTo("nothing"));
        Array.ForEach(peers, static peer => peer.Dispose());
    }

    [Test]
    public void A_loop_keeps_its_own_across_its_waits([Values] HubKind kind)
    {
        using var ending = new EndingHub(kind);
        var seen = new List<string?>();
        async Task Keeps(string name)
        {
            _local.Value = name;
            await ending.Hub.Sleep();
            seen.Add(_local.Value);
        }

        ending.Do(() =>
        {
            ending.Hub.Fork(() => Keeps("one"));
            ending.Hub.Fork(() => Keeps("two"));
        });
        for (var turn = 0; turn < 5; turn++)
        {
            ending.Do(static () => { });
        }

        Assert.That(seen, Is.EqualTo(new[] { "one", "two" }));
    }

    private List<string?> Seen(HubKind kind, Action<Hub, Action> run)
    {
        using var ending = new EndingHub(kind);
        var seen = new List<string?>();
        using var both = new CountdownEvent(2);
        void Item()
        {
            seen.Add(_local.Value);
            _local.Value = "something";
            both.Signal();
        }

        ending.Do(() =>
        {
            run(ending.Hub, Item);
            run(ending.Hub, Item);
        });
        ending.Settle();
        Assert.That(both.Wait(Live.Patience), Is.True);
        return seen;
    }
}
