using System.Net;
using System.Reactive.Disposables;
using System.Reactive.Linq;
using System.Reactive.Subjects;

namespace Diesel.Reactive.Protocols.Redis;

/// <summary>Commands that go to several servers: those of each leave together, in their order, and what a server sends elsewhere goes there. Begun on the hub.</summary>
/// <param name="cluster">Where.</param>
/// <param name="moreTime">How much longer than others it may take.</param>
/// <param name="attempts">Notes each time they are sent; null: nobody wants to know.</param>
internal sealed class ClusterParts(ClusterTopology cluster, TimeSpan moreTime, Attempts? attempts)
{
    /// <summary>Asks.</summary>
    /// <param name="commands">Any.</param>
    /// <returns>The reply to each; errors are replies. Unsubscribing abandons all.</returns>
    public IObservable<RespValue[]> Ask(IReadOnlyList<IRedisCommand> commands) => Observable.Create<RespValue[]>(observer =>
    {
        ClusterPlan[] plans = [.. commands.Select(command => ClusterPlan.Of(command, cluster.Maps.Map!, cluster.HasSlots, (cluster.Target.Options.Cluster ?? new()).SplitsMSet))];
        Leg[] legs = [.. plans.SelectMany(static plan => plan.Legs)];
        var run = new Run(cluster, legs, moreTime, attempts);

        // What is asked for next does not overtake it: the first round leaves now, and only what it comes to is waited for in a loop.
        run.Begin();
        var loop = cluster.Hub.Fork(
            async () =>
            {
                RespValue[] merged;
                try
                {
                    merged = Merge(plans, await run.End());
                }
                catch (Exception failure) when (failure is not OperationCanceledException)
                {
                    observer.OnError(failure);
                    return;
                }

                observer.OnNext(merged);
                observer.OnCompleted();
            },
            $"asking {commands.Count} of several servers");
        return new CompositeDisposable(loop, run);
    });

    private static RespValue[] Merge(ClusterPlan[] plans, RespValue[] replies)
    {
        var merged = new RespValue[plans.Length];
        for (int i = 0, at = 0; i < plans.Length; at += plans[i++].Legs.Count)
        {
            merged[i] = plans[i].Merge(replies[at..(at + plans[i].Legs.Count)]);
        }

        return merged;
    }

    /// <summary>Round after round, until each has its reply.</summary>
    private sealed class Run(ClusterTopology cluster, Leg[] legs, TimeSpan moreTime, Attempts? attempts) : IDisposable
    {
        private readonly RespValue[] _replies = new RespValue[legs.Length];
        private readonly NextStop[] _stops = new NextStop[legs.Length];
        private readonly SerialDisposable _sent = new();
        private readonly Detour _detour = new(cluster);
        private int[] _open = [.. Enumerable.Range(0, legs.Length)];
        private Round? _round;

        public void Begin()
        {
            attempts?.Begin();
            _detour.Counts = true;
            _round = new Round(cluster, _detour, legs, _stops, _replies);
            Array.ForEach(_open, _round.Add);
            _sent.Disposable = _round.Send(moreTime);
        }

        public async Task<RespValue[]> End()
        {
            while (true)
            {
                _open = await _round!.Take();
                if (_open.Length == 0)
                {
                    return _replies;
                }

                if (_open.Max(place => _stops[place].Pause) is var pause && pause > TimeSpan.Zero)
                {
                    await cluster.Hub.Sleep(pause);
                }

                Begin();
            }
        }

        public void Dispose() => _sent.Dispose();
    }

    /// <summary>All that is asked at a time.</summary>
    private sealed class Round(ClusterTopology cluster, Detour detour, Leg[] legs, NextStop[] stops, RespValue[] replies)
    {
        private readonly Dictionary<(RedisLink Link, bool IsAsking), List<int>> _parts = [];
        private readonly List<int> _open = [];
        private readonly AsyncSubject<IList<(RedisLink Link, List<int> Places, RespValue[]? Came, Exception? Failure)>> _all = new();
        private RedisLink? _any;
        private NextStop? _after;

        public void Add(int place)
        {
            if (Choose(legs[place], stops[place].To) is { } link)
            {
                Part(link, stops[place].IsAsking).Add(place);
            }
            else
            {
                cluster.Maps.Ask();
                Redirect(place, Detour.Unserved(), null);
            }
        }

        public IDisposable Send(TimeSpan moreTime) => _parts.Select(part => Ask(part.Key.Link, part.Key.IsAsking, part.Value, moreTime)).Merge().ToList().Subscribe(_all);

        /// <returns>The places of those that have to be asked once more.</returns>
        public async Task<int[]> Take()
        {
            foreach (var (link, places, came, failure) in await _all.ToAwaitable("replies of several servers"))
            {
                if (came is not null)
                {
                    Took(link, places, came);
                }
                else
                {
                    // Nothing of it was carried out, or it is the error of all.
                    var next = places.Exists(place => legs[place].Server is not null) ? null : detour.After(failure!, link);
                    places.ForEach(place => stops[place] = next ?? throw failure!);
                    _open.AddRange(places);
                }
            }

            _open.Sort();
            return [.. _open];
        }

        private static IObservable<(RedisLink Link, List<int> Places, RespValue[]? Came, Exception? Failure)> Ask(RedisLink link, List<int> places, PartCall call) => link.Stream(call)
            .Select(came => (link, places, (RespValue[]?)came, default(Exception)))
            .Catch((Exception failure) => Observable.Return((link, places, default(RespValue[]), (Exception?)failure)));

        private IObservable<(RedisLink Link, List<int> Places, RespValue[]? Came, Exception? Failure)> Ask(RedisLink link, bool isAsking, List<int> places, TimeSpan moreTime) =>
            Ask(link, places, new PartCall([.. places.Select(place => legs[place].Command)], isAsking, moreTime));

        private void Took(RedisLink link, List<int> places, RespValue[] came)
        {
            for (var i = 0; i < places.Count; i++)
            {
                replies[places[i]] = came[i];
                if (came[i].ToException() is { } no && Detour.IsOfPlace(no) && legs[places[i]].Server is null)
                {
                    Redirect(places[i], no, link);
                }
            }
        }

        // A pause is one for all that wait, and counts once.
        private void Redirect(int place, RedisErrorException no, RedisLink? from)
        {
            var isRedirect = no.Code is "MOVED" or "ASK";
            var next = isRedirect ? detour.After(no, from) : _after ??= detour.After(no, from);
            detour.Counts &= !isRedirect;
            if (next is { } stop)
            {
                stops[place] = stop;
                _open.Add(place);
            }
            else
            {
                replies[place] = Resp.Error(no.Message);
            }
        }

        private List<int> Part(RedisLink link, bool isAsking)
        {
            if (!_parts.TryGetValue((link, isAsking), out var part))
            {
                _parts.Add((link, isAsking), part = []);
            }

            return part;
        }

        private RedisLink? Choose(in Leg leg, EndPoint? to) =>
            (to ?? leg.Server) is { } server ? cluster.Members.Primary(server)
            : leg.Slot is not { } slot ? _any ??= cluster.Members.Any(cluster.Maps.Map!)
            : cluster.Maps.Map![slot] is not { } shard ? null
            : leg.Command.MayAskReplica && cluster.Target.Options.ReadFrom != ReadFrom.Primary ? cluster.Members.Reader(shard)
            : cluster.Members.Primary(shard.Primary);
    }
}
