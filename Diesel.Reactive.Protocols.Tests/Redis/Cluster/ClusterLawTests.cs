using Diesel.Reactive.Protocols;
using Diesel.Reactive.Protocols.Redis;
using Diesel.Reactive.Testing;

namespace Diesel.Reactive.Tests;

/// <summary>Callers of a cluster in which slots move, connections are lost and servers die at random: each that stays is told exactly once, what is its own, and
/// nobody waits for ever.</summary>
public class ClusterLawTests
{
    private static readonly int Seeds = Live.IsSoak ? 10_000 : 100;

    [Test]
    public void Every_caller_is_told_once_what_is_its_own()
    {
        for (var seed = 0; seed < Seeds; seed++)
        {
            using var run = new Run(seed);
            run.Play();
            Assert.That(run.Wrong, Is.Empty, $"Seed {seed}.");
        }
    }

    private sealed class Run : IDisposable
    {
        private const int Steps = 80;
        private const int Keys = 12;

        private readonly Random _random;
        private readonly World _world;
        private readonly ClusterFake _cluster;
        private readonly RedisClient _redis;
        private readonly List<Caller> _callers = [];
        private readonly Dictionary<string, (int Asked, HashSet<long> Got)> _counted = [];
        private readonly List<string> _wrong = [];
        private int? _dead;
        private bool _hasRisen;

        public Run(int seed)
        {
            _random = new Random(seed);
            _world = new World(seed);
            _world.Network.Conditions = new() { Cut = Cut.Of(there => Math.Min(there, _random.Next(1, 60))) };
            _cluster = new ClusterFake(_world);
            _redis = _cluster.Client(new()
            {
                MaxInFlight = _random.Next(1, 20), MaxReconnectDelay = TimeSpan.FromMilliseconds(200), Timeout = TimeSpan.FromMinutes(2), ReadFrom = (ReadFrom)_random.Next(3),
            });
        }

        public IEnumerable<string> Wrong => [.. _wrong, .. _callers.Select(caller => caller.Wrong()).OfType<string>(), .. _counted.Select(Miscounted).OfType<string>(), .. _world.Errors.Select(error => $"{error}")];

        public void Play()
        {
            _world.Watch(_redis.MSet([.. Enumerable.Range(0, Keys).Select(n => ((Bytes)KeyOf(n), (Bytes)$"v{n}"))]));
            _world.Passes(1);
            for (var step = 0; step < Steps; step++)
            {
                Step(step);
            }

            Heal();
            _world.Passes(40);

            // Whatever has happened: it goes on from here.
            var later = Enumerable.Range(0, Keys).Select(n => _world.Watch(_redis.Get(KeyOf(n)))).ToArray();
            _world.Passes(3);
            _wrong.AddRange(later.Select((story, n) => $"{story}" == $"v{n} |" ? null : $"In the end {KeyOf(n)}: {story}").OfType<string>());
        }

        public void Dispose()
        {
            _redis.Dispose();
            _cluster.Dispose();
            _world.Dispose();
        }

        // Pairs of them are in one slot.
        private static string KeyOf(int n) => $"{{k{n / 2}}}{n % 2}";

        private static string CounterOf(int n) => $"{{k{n / 2}}}n{n % 2}";

        private void Step(int step)
        {
            switch (_random.Next(24))
            {
                case 0:
                    var ports = _cluster.Nodes.Keys.ToArray();
                    _cluster[ports[_random.Next(ports.Length)]].Resets();
                    break;
                case 1:
                    Fail();
                    break;
                case 2:
                    _cluster.IsDown = !_cluster.IsDown;
                    break;
                case < 6:
                    _world.Passes(_random.NextDouble() / 5);
                    break;
                case < 10:
                    Move();
                    break;
                case 10 when _callers.Count > 0:
                    var leaver = _callers[_random.Next(_callers.Count)];
                    _callers.Remove(leaver);
                    _world.Do(leaver.Leave);
                    break;
                default:
                    Ask(step, _random.Next(Keys));
                    break;
            }
        }

        private void Ask(int step, int n)
        {
            switch (_random.Next(6))
            {
                case 0:
                    Count(CounterOf(n), 1, _redis.Incr(CounterOf(n)), one => [one]);
                    break;
                case 1:
                    Count(CounterOf(n), 2, _redis.Transaction(t => (t.Incr(CounterOf(n)), t.Incr(CounterOf(n)))), both => [both.Item1, both.Item2]);
                    break;
                case 2:
                    var first = _random.Next(Keys);
                    Bytes[] keys = [.. Enumerable.Range(0, _random.Next(1, Keys)).Select(i => (Bytes)KeyOf((first + i) % Keys))];
                    Reads($"{step} MGET", _redis.MGet(keys), all => string.Join(' ', all), string.Join(' ', keys.Select((_, i) => $"v{(first + i) % Keys}")));
                    break;
                case 3:
                    var other = _random.Next(Keys);
                    Reads($"{step} batch", _redis.Batch(b => (b.Get(KeyOf(n)), b.Get(KeyOf(other)))), both => $"{both.Item1} {both.Item2}", $"v{n} v{other}");
                    break;
                default:
                    Reads($"{step} GET", _redis.Get(KeyOf(n)), one => $"{one}", $"v{n}");
                    break;
            }
        }

        private void Reads<T>(string what, Awaitable<T> asked, Func<T, string> shown, string own) => Asks(what, asked, value => shown(value) == own, mayBeLost: false);

        // Those that were carried out have counted on, each from another number.
        private void Count<T>(string key, int times, Awaitable<T> asked, Func<T, long[]> numbers)
        {
            var (before, got) = _counted.GetValueOrDefault(key, (0, []));
            _counted[key] = (before + times, got);
            Asks($"INCR {key}", asked, value => numbers(value).All(got.Add), mayBeLost: true);
        }

        private string? Miscounted(KeyValuePair<string, (int Asked, HashSet<long> Got)> counted)
        {
            var (key, (asked, got)) = counted;
            var there = _cluster.Data.Get(key)?.ToInt64() ?? 0;
            return there <= asked && there >= got.Count && got.All(number => number >= 1 && number <= there) ? null : $"{key} is {there}, asked for {asked} times, told {string.Join(' ', got.Order())}";
        }

        private void Asks<T>(string what, Awaitable<T> asked, Func<T, bool> isOwn, bool mayBeLost)
        {
            var story = new Story<T>();
            _callers.Add(new(() => story.Subscription?.Dispose(), () => Verdict(what, story, isOwn, mayBeLost)));
            _world.Hub.Post(_ => story.Subscription = asked.Subscribe(story));
            if (_random.Next(2) == 0)
            {
                _world.Settle();
            }
        }

        private static string? Verdict<T>(string what, Story<T> story, Func<T, bool> isOwn, bool mayBeLost) =>
            (story.Values.Count == 1 && $"{story}".EndsWith(" |", StringComparison.Ordinal) && isOwn(story.Values[0])) || (mayBeLost && $"{story}" == "#ReplyLostException") ? null : $"{what} got '{story}' {story.Error?.Message}";

        // A slot begins to move, or has moved.
        private void Move()
        {
            var slot = ClusterFake.SlotOf(KeyOf(_random.Next(Keys)));
            if (_cluster.Moving.TryGetValue(slot, out var move))
            {
                _cluster.Moves(slot, move.To);
                return;
            }

            var primaries = _cluster.Nodes.Keys.Where(port => !_cluster.PrimaryOf.ContainsKey(port) && port != _cluster.Owner[slot] && port != _dead).ToArray();
            if (_cluster.Owner[slot] != _dead && primaries.Length > 0)
            {
                _cluster.Moving[slot] = (primaries[_random.Next(primaries.Length)], [.. _cluster.Data.Keys.Where(key => ClusterFake.SlotOf(key) == slot && _random.Next(2) == 0)]);
            }
        }

        // A primary dies, its replica takes its place, it comes back as that one's replica.
        private void Fail()
        {
            if (_dead is not { } dead)
            {
                var primaries = _cluster.PrimaryOf.Values.Distinct().Where(port => _cluster.Moving.All(move => move.Value.To != port && _cluster.Owner[move.Key] != port)).ToArray();
                if (primaries.Length > 0)
                {
                    _dead = primaries[_random.Next(primaries.Length)];
                    _cluster.Dies(_dead.Value);
                }
            }
            else if (!_hasRisen)
            {
                _hasRisen = true;
                _cluster.Rises(_cluster.PrimaryOf.First(one => one.Value == dead).Key);
            }
            else
            {
                _cluster.Returns(dead);
                (_dead, _hasRisen) = (null, false);
            }
        }

        private void Heal()
        {
            _cluster.IsDown = false;
            while (_dead is not null)
            {
                Fail();
            }

            foreach (var (slot, move) in _cluster.Moving.ToArray())
            {
                _cluster.Moves(slot, move.To);
            }
        }

        private sealed record Caller(Action Leave, Func<string?> Wrong);
    }
}
