using Diesel.Reactive.Protocols.Redis;
using Diesel.Reactive.Testing;

namespace Diesel.Reactive.Tests;

/// <summary>Observers who come and leave at random while connections are lost: each gets every message in order, but for what a gap tells.</summary>
public class RedisSubHubLawTests
{
    private static readonly int Seeds = Live.IsSoak ? 10_000 : 150;

    [Test]
    public void Nothing_is_missed_but_in_a_gap([Values] RespVersion version)
    {
        for (var seed = 0; seed < Seeds; seed++)
        {
            using var run = new Run(seed, version);
            run.Play();
            Assert.That(run.Wrong, Is.Empty, $"Seed {seed}.");
        }
    }

    private sealed class Observer
    {
        public required string[] Channels { get; init; }

        public required IDisposable Subscription { get; set; }

        public Dictionary<string, long> Last { get; } = [];

        /// <summary>Channels whose next message may be any later one: a gap was told.</summary>
        public HashSet<string> MayJump { get; } = [];

        /// <summary>Where messages were missed; a gap is to tell why, when all channels are back.</summary>
        public List<string> Unexplained { get; } = [];

        public bool IsOpen { get; set; }
    }

    private sealed class Run : IDisposable
    {
        private readonly Random _random;
        private readonly World _world;
        private readonly RedisFake _server;
        private readonly RedisClient _redis;
        private readonly RedisSubHub _hub;
        private readonly List<Observer> _observers = [];
        private readonly long[] _published = new long[5];

        public Run(int seed, RespVersion version)
        {
            _random = new Random(seed);
            _world = new World(seed);
            _world.Network.Conditions = new() { Cut = Cut.Of(there => Math.Min(there, _random.Next(1, 30))) };
            _server = new RedisFake(_world);
            _redis = _server.Client(new() { Protocol = version, MaxInFlight = _random.Next(1, 20), MaxReconnectDelay = TimeSpan.FromMilliseconds(100) });
            _hub = new RedisSubHub(_redis);
        }

        public List<string> Wrong { get; } = [];

        public void Play()
        {
            for (var step = 0; step < 120; step++)
            {
                Step();
            }

            _world.Passes(5);
            for (var channel = 0; channel < _published.Length; channel++)
            {
                Publish(channel);
            }

            _world.Passes(5);
            Check();
        }

        public void Dispose()
        {
            _redis.Dispose();
            _world.Dispose();
        }

        private void Step()
        {
            switch (_random.Next(20))
            {
                case 0:
                    _server.Resets();
                    break;
                case < 4:
                    _world.Passes(_random.NextDouble() / 10);
                    break;
                case < 7 when _observers.Count > 0:
                    var leaver = _observers[_random.Next(_observers.Count)];
                    _observers.Remove(leaver);
                    _world.Do(() => leaver.Subscription.Dispose());
                    break;
                case < 11:
                    Join();
                    break;
                case < 13:
                    _world.Watch(_redis.Get("k"));
                    break;
                default:
                    Publish(_random.Next(_published.Length));
                    break;
            }
        }

        private void Publish(int channel)
        {
            var number = ++_published[channel];
            _server.Publishes($"c{channel}", number);
        }

        private void Join()
        {
            string[] channels = [.. Enumerable.Range(0, _random.Next(1, 4)).Select(_ => $"c{_random.Next(_published.Length)}").Distinct()];
            var subscription = _hub.Channels(channels);
            var observer = new Observer { Channels = channels, Subscription = System.Reactive.Disposables.Disposable.Empty };
            _observers.Add(observer);
            _world.Hub.Post(_ =>
            {
                subscription.Gaps.Subscribe(_ => Explain(observer));
                subscription.Opened.Subscribe(_ => observer.IsOpen = true, _ => { });
                observer.Subscription = subscription.Subscribe(message => Take(observer, message), error => Wrong.Add(error.ToString()));
            });
            if (_random.Next(2) == 0)
            {
                _world.Settle();
            }
        }

        private static void Explain(Observer observer)
        {
            observer.Unexplained.Clear();
            observer.MayJump.UnionWith(observer.Channels);
        }

        private void Take(Observer observer, RedisMessage message)
        {
            var number = message.Payload.ToInt64();
            var mayJump = observer.MayJump.Remove(message.Channel);
            if (observer.Last.TryGetValue(message.Channel, out var last) && number != last + 1 && !(mayJump && number > last))
            {
                (number > last ? observer.Unexplained : Wrong).Add($"{message.Channel}: {number} after {last}");
            }

            observer.Last[message.Channel] = number;
        }

        private void Check()
        {
            var wanted = _observers.SelectMany(observer => observer.Channels).Distinct().Order(StringComparer.Ordinal);
            var there = _server.Sessions.SelectMany(session => session.Subscribed).Order(StringComparer.Ordinal);
            if (!wanted.SequenceEqual(there))
            {
                Wrong.Add($"wanted {string.Join(',', wanted)}, subscribed {string.Join(',', there)}");
            }

            Wrong.AddRange(_observers
                .Where(observer => !observer.IsOpen || observer.Channels.Any(channel => observer.Last.GetValueOrDefault(channel) != _published[channel[1] - '0']))
                .Select(observer => $"{string.Join(',', observer.Channels)} got no end"));
            Wrong.AddRange(_observers.SelectMany(observer => observer.Unexplained));
            Wrong.AddRange(_world.Errors.Select(error => error.ToString()));
        }
    }
}
