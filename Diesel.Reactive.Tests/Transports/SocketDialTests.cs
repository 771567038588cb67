using System.Net;
using System.Reactive.Concurrency;

namespace Diesel.Reactive.Tests;

[TestFixtureSource(typeof(EventLoops), nameof(EventLoops.All))]
public class SocketDialTests(Func<Hub> newHub)
{
    private const int Rounds = 10;
    private const int Dials = 25;

    [Platform("Linux")]
    [Test]
    public void A_dial_that_TCP_connects_to_itself_is_refused()
    {
        using var live = new Live(newHub());
        var itself = new IPEndPoint(IPAddress.Loopback, UnusedPort());
        var options = new TcpConnectOptions { Socket = new() { LocalEndPoint = itself } };
        foreach (var to in new[] { itself, new IPEndPoint(IPAddress.Any, itself.Port) })
        {
            Assert.That(() => live.Await(new Dial(to, options, live.Hub)), Throws.InstanceOf<ConnectionException>().With.Message.EqualTo(
                $"Cannot connect to {to}: connection refused. Is something listening there?"));
        }
    }

    [Test]
    public void An_address_that_is_dead_does_not_keep_the_next_from_being_dialled()
    {
        using var live = new Live(newHub());
        using var peer = new RawPeer();
        using var race = new Connecting(live.Hub, new IPEndPoint(IPAddress.Loopback, UnusedPort()), new IPEndPoint(IPAddress.Loopback, peer.Port));
        Assert.That(live.Await(race.Connected).RemoteEndPoint, Is.EqualTo(new IPEndPoint(IPAddress.Loopback, peer.Port)));
    }

    [Test]
    public void A_dial_that_the_hub_had_no_turn_left_for_ends_with_the_hub()
    {
        using var live = new Live(newHub());
        using var peer = new RawPeer();
        using var over = new ManualResetEventSlim();
        Story<Connection>? story = null;
        live.Hub.Schedule(() =>
        {
            var begun = Task.Run(() => story = Story.Of(Tcp.Connect("127.0.0.1", peer.Port, hub: live.Hub)));
            SpinWait.SpinUntil(() => begun.IsCompleted);
            live.Hub.Dispose();
            over.Set();
        });
        Assert.That(over.Wait(Live.Patience), Is.True);
        Assert.That(story!.ToString(), Is.EqualTo("#ObjectDisposedException"));
    }

    [Test]
    public void Whatever_thread_dials_while_the_hub_ends_each_dial_ends_once()
    {
        using var peer = new RawPeer(backlog: Dials);
        for (var round = 0; round < Rounds; round++)
        {
            using var live = new Live(newHub());
            var endings = new Ending[2 * Dials];
            using var together = new Barrier(3);
            var threads = Enumerable.Range(0, 2).Select(thread => Task.Factory.StartNew(
                () =>
                {
                    together.SignalAndWait();
                    for (var i = 0; i < Dials; i++)
                    {
                        var ending = endings[(thread * Dials) + i] = new Ending();
                        new Dial(new IPEndPoint(IPAddress.Loopback, peer.Port), new(), live.Hub).Subscribe(ending);
                    }
                },
                TaskCreationOptions.LongRunning)).ToArray();
            together.SignalAndWait();
            Thread.SpinWait(round * 2000);
            live.Hub.Dispose();
            live.Await(Task.WhenAll(threads));
            Assert.That(endings.Select(static e => e.ToString()), Is.All.EqualTo("1 |").Or.EqualTo("0 #ObjectDisposedException"));
        }
    }

    private static int UnusedPort()
    {
        using var peer = new RawPeer();
        return peer.Port;
    }

    /// <summary>A race of endpoints that no name has.</summary>
    private sealed class Connecting : IDisposable
    {
        private readonly HappyEyeballs _race;
        private readonly TaskCompletionSource<ITransport> _connected = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public Connecting(Hub hub, params EndPoint[] endPoints)
        {
            _race = new HappyEyeballs(hub, new(), _connected.SetResult, () => _connected.SetException(_race!.Dialled[^1].Error!));
            hub.Schedule(() =>
            {
                Array.ForEach(endPoints, _race.Add);
                _race.Complete();
            });
        }

        public Task<ITransport> Connected => _connected.Task;

        public void Dispose() => _connected.Task.Result.Abort();
    }

    /// <summary>How many values and ends an observer was told, on whatever thread.</summary>
    private sealed class Ending : IObserver<Connection>
    {
        private readonly List<string> _ends = [];
        private int _values;

        public void OnNext(Connection value) => _values++;

        public void OnError(Exception error)
        {
            lock (_ends)
            {
                _ends.Add($"#{error.GetType().Name}");
            }
        }

        public void OnCompleted()
        {
            lock (_ends)
            {
                _ends.Add("|");
            }
        }

        public override string ToString() => $"{_values} {string.Join(' ', _ends)}";
    }
}
