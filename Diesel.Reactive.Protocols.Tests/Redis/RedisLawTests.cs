using Diesel.Reactive.Protocols;
using Diesel.Reactive.Protocols.Redis;
using Diesel.Reactive.Testing;

namespace Diesel.Reactive.Tests;

/// <summary>Callers who come, leave and are cut off at random: each that stays is told exactly once, and what is its own.</summary>
public class RedisLawTests
{
    private static readonly int Seeds = Live.IsSoak ? 10_000 : 150;

    [Test]
    public void No_reply_goes_to_another_caller([Values] RespVersion version)
    {
        for (var seed = 0; seed < Seeds; seed++)
        {
            using var run = new Run(seed, version);
            run.Play();
            Assert.That(run.Wrong, Is.Empty, $"Seed {seed}.");
        }
    }

    private sealed class Run : IDisposable
    {
        private readonly Random _random;
        private readonly World _world;
        private readonly RedisStub _server;
        private readonly RedisClient _redis;
        private readonly List<(string Own, Story<Bytes?> Story)> _readers = [];
        private readonly List<(string Own, Story<long> Story)> _counters = [];

        public Run(int seed, RespVersion version)
        {
            _random = new Random(seed);
            _world = new World(seed);
            _world.Network.Conditions = new() { Cut = Cut.Of(there => Math.Min(there, _random.Next(1, 30))) };
            _server = new RedisStub(_world);
            _redis = _server.Client("", new()
            {
                Protocol = version, MaxInFlight = _random.Next(1, 20), MaxReconnectDelay = TimeSpan.FromMilliseconds(100),
            });
        }

        public IEnumerable<string> Wrong =>
        [
            .. _readers.Where(reader => $"{reader.Story}" != $"{reader.Own} |").Select(reader => $"{reader.Own} got {reader.Story}"),
            .. _counters.Where(counter => $"{counter.Story}" is not ("1 |" or "#ReplyLostException")).Select(counter => $"{counter.Own} got {counter.Story}"),
            .. _world.Errors.Select(error => error.ToString()),
        ];

        public void Play()
        {
            _world.Watch(_redis.Batch(b => Enumerable.Range(0, 10).Select(n => b.Set($"k{n}", $"v{n}"))));
            _world.Passes(1);
            for (var step = 0; step < 100; step++)
            {
                Step(step);
            }

            _world.Passes(10);
        }

        public void Dispose()
        {
            _redis.Dispose();
            _world.Dispose();
        }

        private void Step(int step)
        {
            switch (_random.Next(20))
            {
                case 0:
                    _server.Resets();
                    break;
                case < 3:
                    _world.Passes(_random.NextDouble() / 10);
                    break;
                case < 6 when _readers.Count > 0:
                    var leaver = _readers[_random.Next(_readers.Count)];
                    _readers.Remove(leaver);
                    _world.Do(() => leaver.Story.Subscription!.Dispose());
                    break;
                case < 12:
                    var own = $"n{step}";
                    _counters.Add((own, Asks(_redis.Incr(own))));
                    break;
                default:
                    var n = _random.Next(10);
                    _readers.Add(($"v{n}", Asks(_redis.Get($"k{n}"))));
                    break;
            }
        }

        // Sometimes several in a turn.
        private Story<T> Asks<T>(Awaitable<T> asked)
        {
            var story = new Story<T>();
            _world.Hub.Post(_ => story.Subscription = asked.Subscribe(story));
            if (_random.Next(2) == 0)
            {
                _world.Settle();
            }

            return story;
        }
    }
}
