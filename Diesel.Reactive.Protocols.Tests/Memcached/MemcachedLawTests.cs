using Diesel.Reactive.Protocols;
using Diesel.Reactive.Protocols.Memcached;
using Diesel.Reactive.Testing;

namespace Diesel.Reactive.Tests;

/// <summary>Callers of one client who come, leave and are cut off at random, on the service of this library: each that stays is told exactly once, and what is its own key's.</summary>
[Parallelizable(ParallelScope.All)]
public class MemcachedLawTests
{
    private const int Keys = 10;

    private static int Seeds => Live.IsSoak ? 10_000 : 150;

    [Test]
    public void No_value_reaches_another_keys_caller()
    {
        var told = 0;
        for (var seed = 0; seed < Seeds; seed++)
        {
            using var run = new Run(seed);
            run.Play();
            Assert.That(run.Wrong, Is.Empty, $"Seed {seed}.");
            told += run.Told;
        }

        TestContext.Out.WriteLine($"{Seeds} seeds, {told} callers were told something");
        Assert.That(told, Is.GreaterThan(10 * Seeds));
    }

    private sealed class Run : IDisposable
    {
        private readonly Random _random;
        private readonly World _world;
        private readonly List<Connection> _open = [];
        private readonly MemcachedService _service;
        private readonly MemcachedClient _cache;
        private readonly List<(string Own, Story<string> Story, bool MayFail)> _callers = [];

        public Run(int seed)
        {
            _random = new Random(seed);
            _world = new World(seed);
            _world.Network.Conditions = new() { Cut = Cut.Of(there => Math.Min(there, _random.Next(1, 30))) };
            _service = _world.Starts(new MemcachedService(11212));
            _world.Starts(new TcpService(11211, Pass, hub: _world.Hub));
            _cache = new MemcachedClient(World.Here.ToString(), new()
            {
                MaxInFlight = _random.Next(1, 20), MaxReconnectDelay = TimeSpan.FromMilliseconds(100), CompressAbove = _random.Next(2) == 0 ? 20 : null,
            }, _world.Hub);
        }

        public int Told => _callers.Count(static caller => caller.Story.IsCompleted);

        public IEnumerable<string> Wrong =>
        [
            .. _callers.Where(caller => $"{caller.Story}" != $"{caller.Own} |" && !(caller.MayFail && caller.Story.Error is ReplyLostException && caller.Story.Values.Count == 0)).Select(static caller => $"{caller.Own} got {caller.Story}"),
            .. _world.Errors.Where(static error => error.Exception is not ConnectionException).Select(static error => error.ToString()),
        ];

        public void Play()
        {
            for (var n = 0; n < Keys; n++)
            {
                _world.Watch(_cache.Set($"k{n}", Value(n)));
            }

            _world.Passes(1);
            for (var step = 0; step < 100; step++)
            {
                Step(step);
            }

            _world.Passes(10);
        }

        public void Dispose()
        {
            _cache.Dispose();
            _world.Dispose();
        }

        // Stands between, and cuts.
        private async Task Pass(Connection client)
        {
            var server = await Tcp.Connect($"{World.Here}", 11212, hub: _world.Hub);
            _open.AddRange([client, server]);
            using var asking = client.Subscribe(server);
            using var answering = server.Subscribe(client);
            try
            {
                await _world.Hub.Sleep(TimeSpan.FromHours(1), client.Closed);
            }
            catch (OperationCanceledException)
            {
                server.Abort();
            }
        }

        private static string Value(int n) => $"{n}:{new string((char)('a' + n), 5 * n)}";

        private void Step(int step)
        {
            var n = _random.Next(Keys);
            switch (_random.Next(24))
            {
                case 0:
                    _world.Do(() => _open.ForEach(static connection => connection.Abort()));
                    _open.Clear();
                    break;
                case < 4:
                    _world.Passes(_random.NextDouble() / 10);
                    break;
                case < 7 when _callers.Count > 0:
                    var leaver = _callers[_random.Next(_callers.Count)];
                    _callers.Remove(leaver);
                    _world.Do(() => leaver.Story.Subscription!.Dispose());
                    break;
                case < 9:
                    Asks($"Stored of {step}", _cache.Set($"own{step}", "x").Select(stored => $"{stored} of {step}"), mayFail: true);
                    break;
                case < 11:
                    Asks("1", _cache.Increment($"count{step}", initial: 1).Select(static number => $"{number}"), mayFail: true);
                    break;
                case < 13:
                    Asks("missing", _cache.Get($"none{step}").Select(static found => found is null ? "missing" : "there"));
                    break;
                case < 16:
                    var keys = Enumerable.Range(0, _random.Next(1, 6)).Select(_ => _random.Next(Keys)).Distinct().Order().ToArray();
                    Asks(
                        string.Join(',', keys.Select(Value)),
                        _cache.GetMany([.. keys.Select(static key => (Bytes)$"k{key}"), $"none{step}"]).Select(static found => string.Join(',', found.OrderBy(static one => one.Key).Select(static one => one.Value))));
                    break;
                case 16:
                    Asks(Value(n), _cache.GetItem($"k{n}").Select(static item => $"{item!.Value}"));
                    break;
                default:
                    Asks(Value(n), _cache.Get($"k{n}").Select(static found => $"{found}"));
                    break;
            }
        }

        // Sometimes several in a turn.
        private void Asks(string own, IObservable<string> asked, bool mayFail = false)
        {
            var story = new Story<string>();
            _callers.Add((own, story, mayFail));
            _world.Hub.Post(_ => story.Subscription = asked.Subscribe(story));
            if (_random.Next(2) == 0)
            {
                _world.Settle();
            }
        }
    }
}
