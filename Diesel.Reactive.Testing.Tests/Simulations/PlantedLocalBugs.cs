using System.Reactive;
using System.Reactive.Subjects;
using Diesel.Reactive.Testing;
using static Diesel.Reactive.Tests.PlantedTalk;

namespace Diesel.Reactive.Tests;

/// <summary>Bugs of loops on one hub.</summary>
internal static class PlantedLocalBugs
{
    // The consumer looks, then gives way, then waits: what comes in between wakes nobody.
    public static void LostWakeUp(Simulation sim, bool isPlanted)
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

    // One takes the left lock first, the other the right one.
    public static void LockOrder(Simulation sim, bool isPlanted)
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
    public static void Aba(Simulation sim, bool isPlanted)
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
    public static void MissedCancellation(Simulation sim, bool isPlanted)
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

    // What both do at one instant happens in the order that the author had in mind, or does not.
    public static void SameInstant(Simulation sim, bool isPlanted)
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
}
