using System.Reactive.Subjects;
using Diesel.Reactive.Testing;
using static Diesel.Reactive.Tests.PlantedTalk;

namespace Diesel.Reactive.Tests;

/// <summary>Bugs of clients and servers.</summary>
internal static class PlantedNetworkBugs
{
    // Two clients read, add, and write, instead of having the server add.
    public static void LostUpdate(Simulation sim, bool isPlanted)
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
    public static void DoubleApply(Simulation sim, bool isPlanted)
    {
        sim.Network.Conditions = new() { Latency = Latency.Between(Ms(1), Ms(20)), Loss = 0.1 };
        var (value, seen) = (0, new HashSet<string>());
        Serves(sim, "server", asked => $"{(isPlanted || seen.Add(asked) ? ++value : value)}");
        var end = sim.Record("client", Asks(sim, "client", static asker => asker.Ask("add").AsTask()));
        sim.Until(() => end.IsCompleted, Long);
        sim.Check(value == 1, $"it is added once: it is {value}");
    }

    // The second takes over when it hears nothing of the first, which goes on.
    public static void SplitBrain(Simulation sim, bool isPlanted)
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
    public static void StaleRead(Simulation sim, bool isPlanted)
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

    // A late answer is taken for that to the next question.
    public static void ReplyMixUp(Simulation sim, bool isPlanted)
    {
        sim.Network.Conditions = new() { Latency = Latency.Between(Ms(1), Ms(40)), Loss = 0.05, Duplication = 0.05 };
        Serves(sim, "server", static asked => asked.ToUpperInvariant());
        var end = sim.Record("answers", Asks(sim, "client", async asker =>
            $"{await asker.Ask("one")} {await asker.Ask("two")} {await asker.Ask("three")}", isTrusting: isPlanted));
        sim.Until(() => end.IsCompleted, Long);
        sim.Check(end.Values[0] == "ONE TWO THREE", "each question has its own answer");
    }

    // The client says that it will send no more, and the server takes it for gone.
    public static void HalfClose(Simulation sim, bool isPlanted)
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
    public static void BackPressure(Simulation sim, bool isPlanted)
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
}
