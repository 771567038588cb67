using System.Reactive;
using System.Reactive.Subjects;
using Diesel.Reactive.Testing;

namespace Diesel.Reactive.Tests;

/// <summary>Twelve bugs of kinds that are known, each as small as it can be, and the same without it.</summary>
internal static class PlantedBugs
{
    private static readonly TimeSpan Long = TimeSpan.FromMinutes(2);

    /// <summary>Each by its name: planted where it is asked for so.</summary>
    public static IReadOnlyDictionary<string, Action<Simulation, bool>> All { get; } = new Dictionary<string, Action<Simulation, bool>>
    {
        ["lost wake-up"] = LostWakeUp,
        ["lost update"] = LostUpdate,
        ["double apply after retry"] = DoubleApply,
        ["split brain"] = SplitBrain,
        ["stale read after failover"] = StaleRead,
        ["deadlock by lock order"] = LockOrder,
        ["ABA"] = Aba,
        ["missed cancellation"] = MissedCancellation,
        ["reply mix-up"] = ReplyMixUp,
        ["half-close"] = HalfClose,
        ["back-pressure deadlock"] = BackPressure,
        ["same-instant race"] = SameInstant,
    };

    // The consumer looks, then gives way, then waits: what comes in between wakes nobody.
    private static void LostWakeUp(Simulation sim, bool isPlanted)
    {
        var hub = sim.HubOn("worker");
        var (items, taken) = (0, new Subject<int>());
        TaskCompletionSource? waiter = null;
        var told = sim.Record("taken", taken);
        hub.Fork(async () =>
        {
            for (var i = 1; i <= 3; i++)
            {
                while (items == 0)
                {
                    if (isPlanted)
                    {
                        await hub.Sleep(Ms(1));
                    }

                    waiter = new();
                    await waiter.Task;
                }

                items--;
                taken.OnNext(i);
            }
        });
        hub.Fork(async () =>
        {
            for (var i = 0; i < 3; i++)
            {
                await hub.Sleep(Ms(sim.Random.Next(5)));
                items++;
                waiter?.TrySetResult();
            }
        });
        sim.Until(() => told.Values.Count == 3, Long);
    }

    // Two clients read, add, and write, instead of having the server add.
    private static void LostUpdate(Simulation sim, bool isPlanted)
    {
        sim.Network.Conditions = new() { Latency = Latency.Between(Ms(1), Ms(20)) };
        var value = 0;
        Serves(sim, "server", asked => asked.Split(' ') switch
        {
            ["add"] => $"{++value}",
            ["get"] => $"{value}",
            [_, var number] => $"{value = int.Parse(number)}",
            _ => "?",
        });
        string[] names = ["ann", "bob"];
        var ends = names.Select(name => sim.Record(name, Asks(sim, name, async asker =>
        {
            await sim.HubOn(name).Sleep(Ms(sim.Random.Next(100)));
            return isPlanted ? await asker.Ask($"set {int.Parse(await asker.Ask("get")) + 1}") : await asker.Ask("add");
        }))).ToArray();
        sim.Until(() => ends.All(static end => end.IsCompleted), Long);
        sim.Check(value == 2, $"both additions count: it is {value}");
    }

    // The answer is lost, the client asks again, and the server adds once more.
    private static void DoubleApply(Simulation sim, bool isPlanted)
    {
        sim.Network.Conditions = new() { Latency = Latency.Between(Ms(1), Ms(20)), Loss = 0.1 };
        var (value, seen) = (0, new HashSet<string>());
        Serves(sim, "server", asked => $"{(isPlanted || seen.Add(asked) ? ++value : value)}");
        var end = sim.Record("client", Asks(sim, "client", static asker => asker.Ask("add").AsTask()));
        sim.Until(() => end.IsCompleted, Long);
        sim.Check(value == 1, $"it is added once: it is {value}");
    }

    // The second takes over when it hears nothing of the first, which goes on.
    private static void SplitBrain(Simulation sim, bool isPlanted)
    {
        sim.Network.Conditions = new() { Latency = Latency.Between(Ms(1), Ms(20)) };
        sim.Inject(FaultKind.Partition, "first", "second", within: Seconds(30), upTo: Seconds(30));
        var (first, second) = (sim.HubOn("first"), sim.HubOn("second"));
        var (heard, acknowledged) = (TimeSpan.Zero, TimeSpan.Zero);
        Serves(sim, "second", asked =>
        {
            heard = sim.Elapsed;
            return asked;
        });
        var beats = 0;
        sim.Record("beats", Asks(sim, "first", async asker =>
        {
            while (true)
            {
                await asker.Ask($"{beats++}");
                acknowledged = sim.Elapsed;
                await first.Sleep(Seconds(1));
            }
        }, "second"));
        var (leads, follows) = (new BehaviorSubject<bool>(true), new BehaviorSubject<bool>(false));
        sim.Record("first leads", leads.DistinctUntilChanged());
        sim.Record("second leads", follows.DistinctUntilChanged());
        for (var i = 0; i < 60; i++)
        {
            sim.Pass(Seconds(1));
            leads.OnNext(isPlanted || sim.Elapsed - acknowledged < Seconds(4));
            follows.OnNext(sim.Elapsed - heard > Seconds(8));
            sim.Check(!(leads.Value && follows.Value), "there is one leader");
        }
    }

    // What was written is acknowledged before the other server has it, which then takes over.
    private static void StaleRead(Simulation sim, bool isPlanted)
    {
        sim.Network.Conditions = new() { Latency = Latency.Between(Ms(1), Ms(10)) };
        var (history, copy) = (new History<RegisterCall<string>, string>(sim.Scheduler), "0");
        var backup = sim.Node("backup", node => Serves(node.Hub, asked => asked == "read" ? copy : copy = asked[1..]));
        var main = sim.Node("main", node =>
        {
            var (value, asker) = ("0", new Asker(node.Hub, "backup"));
            Serves(node.Hub, asked =>
            {
                if (asked == "read")
                {
                    return value;
                }

                value = asked[1..];
                if (isPlanted)
                {
                    node.Hub.Fork(async () =>
                    {
                        await node.Hub.Sleep(Ms(30));
                        await asker.Ask(asked);
                    });
                }
                else
                {
                    copy = value;
                }

                return value;
            });
        });
        System.Reactive.Concurrency.Scheduler.Schedule(sim.Scheduler, Ms(sim.Random.Next(300)), () => main.Kill());
        var client = sim.HubOn("client");
        var (toMain, toBackup) = (new Asker(client, "main"), new Asker(client, "backup"));
        var end = sim.Record("client", Observable.FromAsync(async () =>
        {
            for (var i = 1; main.IsUp && i < 10; i++)
            {
                await Call(RegisterCall<string>.Write($"{i}"), toMain, $"={i}");
            }

            return await Call(RegisterCall<string>.Read(), toBackup, "read");
        }).SubscribeOn(client));
        sim.Until(() => end.IsCompleted, Long);
        history.Check(HistoryModels.Register("0"));

        async Task<string> Call(RegisterCall<string> call, Asker asker, string text)
        {
            var begun = history.Begin("client", call);
            var first = await First.Of(asker.Ask(text), client.Sleep(Seconds(1)));
            if (first.TryFirst(out var answer))
            {
                begun.Returns(answer);
                return answer;
            }

            begun.IsLost("time out");
            return "";
        }
    }

    // One takes the left lock first, the other the right one.
    private static void LockOrder(Simulation sim, bool isPlanted)
    {
        var hub = sim.HubOn("worker");
        var (left, right) = (new AsyncSemaphore(hub: hub), new AsyncSemaphore(hub: hub));
        var told = new Subject<string>();
        var steps = sim.Record("steps", told);
        var ended = 0;
        Work("ann", left, right);
        Work("bob", isPlanted ? right : left, isPlanted ? left : right);
        sim.Until(() => ended == 2, Long);

        void Work(string name, AsyncSemaphore one, AsyncSemaphore other) => hub.Fork(async () =>
        {
            await hub.Sleep(Ms(sim.Random.Next(20)));
            using var first = await one.Acquire();
            told.OnNext($"{name} holds {(one == left ? "left" : "right")}");
            await hub.Sleep(Ms(1));
            told.OnNext($"{name} waits for {(other == left ? "left" : "right")}");
            using var second = await other.Acquire();
            ended++;
            told.OnNext($"{name} is done");
        });
    }

    // The first is again what it was, and what comes after it is not.
    private static void Aba(Simulation sim, bool isPlanted)
    {
        var hub = sim.HubOn("worker");
        var (next, head, version) = (new Dictionary<char, char> { ['A'] = 'B', ['B'] = 'C', ['C'] = '-' }, 'A', 0);
        var (held, told, ended) = (new List<char>(), new Subject<string>(), 0);
        sim.Record("steps", told);
        hub.Fork(async () =>
        {
            await Pop("ann", sim.Random.Next(20));
            ended++;
        });
        hub.Fork(async () =>
        {
            await hub.Sleep(Ms(sim.Random.Next(10)));
            var first = await Pop("bob", 1);
            await Pop("bob", 1);
            held.Remove(first);
            (next[first], head, version) = (head, first, version + 1);
            told.OnNext($"bob gives {first} back");
            ended++;
        });
        sim.Until(() => ended == 2, Long);
        if (head != '-')
        {
            hub.Fork(() => Pop("cid", 0));
        }

        sim.Pass(Seconds(1));

        async Task<char> Pop(string name, int pause)
        {
            while (true)
            {
                var (seen, after, at) = (head, next[head], version);
                await hub.Sleep(Ms(pause));
                if (head == seen && (isPlanted || version == at))
                {
                    (head, version) = (after, version + 1);
                    told.OnNext($"{name} takes {seen}");
                    sim.Check(!held.Contains(seen), $"nobody else holds {seen}");
                    held.Add(seen);
                    return seen;
                }
            }
        }
    }

    // Who is not yet ready to hear of the end when it comes never does.
    private static void MissedCancellation(Simulation sim, bool isPlanted)
    {
        var hub = sim.HubOn("worker");
        IObservable<Unit> Cancelled(Subject<Unit> subject) => subject;
        var subject = new Subject<Unit>();
        var (isCancelled, ended) = (false, new Subject<string>());
        var told = sim.Record("worker", ended);
        sim.Record("cancelled", subject);
        hub.Fork(async () =>
        {
            ended.OnNext("prepares");
            await hub.Sleep(Ms(sim.Random.Next(1, 10)));
            ended.OnNext("works");
            if (isPlanted || !isCancelled)
            {
                await Cancelled(subject).FirstAsync().ToAwaitable();
            }

            ended.OnNext("ends");
        });
        hub.Fork(async () =>
        {
            await hub.Sleep(Ms(sim.Random.Next(1, 20)));
            isCancelled = true;
            subject.OnNext(Unit.Default);
        });
        sim.Until(() => told.Values.Contains("ends"), Long);
    }

    // A late answer is taken for that to the next question.
    private static void ReplyMixUp(Simulation sim, bool isPlanted)
    {
        sim.Network.Conditions = new() { Latency = Latency.Between(Ms(1), Ms(40)), Loss = 0.05, Duplication = 0.05 };
        Serves(sim, "server", static asked => asked.ToUpperInvariant());
        var end = sim.Record("answers", Asks(sim, "client", async asker =>
            $"{await asker.Ask("one")} {await asker.Ask("two")} {await asker.Ask("three")}", isTrusting: isPlanted));
        sim.Until(() => end.IsCompleted, Long);
        sim.Check(end.Values[0] == "ONE TWO THREE", "each question has its own answer");
    }

    // The client says that it will send no more, and the server takes it for gone.
    private static void HalfClose(Simulation sim, bool isPlanted)
    {
        sim.Network.Conditions = new() { Latency = Latency.Between(Ms(1), Ms(20)) };
        var (server, client) = (sim.HubOn("server"), sim.HubOn("client"));
        new TcpService(7, async connection =>
        {
            if (isPlanted)
            {
                connection.PeerEnded.Register(connection.Dispose);
            }

            var asked = await connection.Read(Framing.UntilEol());
            await server.Sleep(Ms(sim.Random.Next(20)));
            await connection.Send(asked);
        }).Start(server);
        var end = sim.Record("answer", Tcp.Connect("server", 7, hub: client).SelectMany(connection =>
        {
            connection.OnNext("hello\r\n".ToBytes());
            System.Reactive.Concurrency.Scheduler.Schedule(client, Ms(sim.Random.Next(50)), () => connection.OnCompleted());
            return connection.UntilEol().Select(static line => line.ToText());
        }));
        sim.Until(() => end.IsCompleted || end.Error is not null, Long);
        sim.Check(end.Values.Count == 1, "there is an answer");
    }

    // Both send all they have before they read.
    private static void BackPressure(Simulation sim, bool isPlanted)
    {
        sim.Network.Conditions = new() { Latency = Ms(1), Window = sim.Random.Next(1000, 200_000) };
        const int length = 60_000;
        var (server, client) = (sim.HubOn("server"), sim.HubOn("client"));
        new TcpService(7, connection => Exchange(connection)).Start(server);
        var end = sim.Record("client", Tcp.Connect("server", 7, hub: client).SelectMany(connection => Exchange(connection)));
        sim.Until(() => end.IsCompleted, Long);

        async Task<int> Exchange(Connection connection)
        {
            var sent = connection.Send(new byte[length]).AsTask();
            if (isPlanted)
            {
                await sent;
            }

            var received = await connection.Read(Framing.Bytes(length));
            await sent;
            return received.Length;
        }
    }

    // What both do at one instant happens in the order that the author had in mind, or does not.
    private static void SameInstant(Simulation sim, bool isPlanted)
    {
        var hub = sim.HubOn("worker");
        var (ready, used) = (new Event(hub), new Subject<string>());
        var setting = "";
        var told = sim.Record("used", used);
        hub.Fork(async () =>
        {
            await hub.Sleep(Ms(10));
            setting = "fast";
            ready.Set();
        });
        hub.Fork(async () =>
        {
            await hub.Sleep(Ms(10));
            if (!isPlanted)
            {
                await ready.Wait();
            }

            used.OnNext(setting);
        });
        sim.Until(() => told.Values.Count == 1, Long);
        sim.Check(told.Values[0] == "fast", "the setting is there when it is used");
    }

    private static TimeSpan Ms(int ms) => TimeSpan.FromMilliseconds(ms);

    private static TimeSpan Seconds(int seconds) => TimeSpan.FromSeconds(seconds);

    private static void Serves(Simulation sim, string host, Func<string, string> answer) => Serves(sim.HubOn(host), answer);

    // What is asked has a number in front, and so has the answer.
    private static void Serves(Hub hub, Func<string, string> answer) => new UdpService(9, socket => socket.Select(asked =>
    {
        var text = asked.Payload.ToText();
        var colon = text.IndexOf(':', StringComparison.Ordinal);
        return asked.Reply($"{text[..colon]}:{answer(text[(colon + 1)..])}".ToBytes());
    })).Start(hub);

    private static IObservable<string> Asks(
        Simulation sim, string name, Func<Asker, Task<string>> talk, string server = "server", bool isTrusting = false)
    {
        var hub = sim.HubOn(name);
        return Observable.FromAsync(() => talk(new Asker(hub, server, isTrusting))).SubscribeOn(hub);
    }

    /// <summary>Asks again when no answer comes. One that trusts takes whatever comes for the answer.</summary>
    private sealed class Asker(Hub hub, string server, bool isTrusting = false) : DatagramClient(server, 9, hub: hub)
    {
        private int _asked;

        public Awaitable<string> Ask(string what) => Call(async socket =>
        {
            var number = _asked++;
            while (true)
            {
                socket.Send($"{number}:{what}".ToBytes());
                var first = await First.Of(Answer(socket, $"{number}:"), Hub.Sleep(Ms(60)));
                if (first.TryFirst(out var reply))
                {
                    return reply[(reply.IndexOf(':', StringComparison.Ordinal) + 1)..];
                }
            }
        });

        private Awaitable<string> Answer(IDatagramSocket socket, string number) => isTrusting
            ? socket.Datagrams().Select(static reply => reply.Payload.ToText()).FirstAsync().ToAwaitable()
            : socket.Datagrams().Select(static reply => reply.Payload.ToText()).FirstAsync(text => text.StartsWith(number, StringComparison.Ordinal)).ToAwaitable();
    }
}
