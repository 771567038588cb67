using System.Text;
using Diesel.Reactive.Testing;

namespace Diesel.Reactive.Tests;

/// <summary>Loops that race everything against everything by a drawn schedule, and the account of what became of each
/// item, byte and permit.</summary>
internal sealed class CoordinationRaces(int seed)
{
    private const int Racers = 4;
    private const int Items = 30;

    private readonly Random _random = new(seed);
    private readonly World _world = new(seed);
    private readonly List<int> _items = [];
    private readonly StringBuilder _lines = new();
    private int _inside;
    private bool _over;

    private Hub Hub => _world.Hub;

    public void Run()
    {
        var wire = _world.Wire();
        _world.Network.Conditions = new() { Cut = Cut.Random() };
        _world.Play(() => Run(wire.Connection, wire.Peer));
    }

    private async Task Run(Connection connection, Peer peer)
    {
        var (queue, semaphore) = (new AsyncQueue<int>(hub: Hub), new AsyncSemaphore(_random.Next(1, 3), Hub));
        var (signals, happened) = (new Signals(Hub), new Event(Hub));
        var permits = semaphore.Available;

        IObservable<string> Entrant(int kind) => kind switch
        {
            0 => queue.Get().Select(item => $"item {item}"),
            1 => happened.Wait().Select(_ => "event"),
            2 => signals.Wait("signal").Select(_ => "signal"),
            3 => Hub.Sleep(Span()).Select(_ => "timer"),
            4 => semaphore.Acquire().Select(Hold),
            _ => connection.Read(Framing.UntilEol()).Select(line => "line " + Encoding.ASCII.GetString(line.Span)),
        };

        string Hold(IDisposable permit)
        {
            Assert.That(++_inside, Is.LessThanOrEqualTo(permits), "More hold the lock than there are permits.");
            Hub.Sleep(Span()).Subscribe(_ =>
            {
                _inside--;
                permit.Dispose();
            });
            return "lock";
        }

        var loops = Enumerable.Range(0, Racers).Select(racer => Hub.Fork(() => Race(racer, Entrant))).ToList();
        var fed = await Play(queue, happened, signals, peer, loops);

        _over = true;
        await Hub.Sleep(TimeSpan.FromMinutes(1));
        loops.ForEach(loop => loop.Dispose());
        await Hub.Sleep();

        while (queue.TryGet(out var item))
        {
            _items.Add(item);
        }

        connection.Subscribe(chunk => _lines.Append(Encoding.ASCII.GetString(chunk.Span)));
        await Hub.Sleep(TimeSpan.FromSeconds(1));
        Assert.Multiple(() =>
        {
            Assert.That(_items, Is.EqualTo(Enumerable.Range(0, Items)), "items");
            Assert.That(_lines.ToString(), Is.EqualTo(fed), "bytes");
            Assert.That((semaphore.Available, semaphore.Waiters), Is.EqualTo((permits, 0)), "permits");
            Assert.That((queue.Waiters, happened.Waiters, signals.TopicCount), Is.EqualTo((0, 0, 0)), "waiters left behind");
            Assert.That(_world.Errors, Is.Empty);
        });
    }

    private TimeSpan Span() => TimeSpan.FromMilliseconds(_random.Next(0, 20));

    // Everything that happens, at drawn times: items, cut lines, pulses, signals, and now and then a loop is ended.
    private async Task<string> Play(AsyncQueue<int> queue, Event happened, Signals signals, Peer peer, List<Loop> loops)
    {
        var (fed, put) = ("", 0);
        while (put < Items)
        {
            switch (_random.Next(6))
            {
                case 0 or 1:
                    queue.Put(put++);
                    break;
                case 2:
                    happened.Set();
                    if (_random.Next(2) == 0)
                    {
                        happened.Clear();
                    }

                    break;
                case 3:
                    signals.Fire("signal");
                    break;
                case 4:
                    var text = (string[])["a", "bc\r", "\n", "d\r\n", "e\r\nf\r\n"];
                    var chunk = text[_random.Next(text.Length)];
                    fed += chunk;
                    peer.Sends(chunk);
                    break;
                default:
                    happened.Clear();
                    if (_random.Next(20) == 0)
                    {
                        loops[_random.Next(loops.Count)].Dispose();
                    }

                    break;
            }

            if (_random.Next(3) > 0)
            {
                await Hub.Sleep(Span());
            }
        }

        return fed;
    }

    // Only the first may read lines: a connection has one reader at a time.
    private async Task Race(int racer, Func<int, IObservable<string>> entrant)
    {
        while (!_over)
        {
            int[] kinds = [.. Enumerable.Range(0, racer == 0 ? 6 : 5).OrderBy(_ => _random.Next()).Take(_random.Next(2, 5))];
            var entrants = kinds.Select(entrant).ToArray();
            var won = _random.Next(2) == 0
                ? (await First.Of(entrants)).Value
                : await Observable.Amb(entrants).ToAwaitable();
            if (won.StartsWith("item ", StringComparison.Ordinal))
            {
                _items.Add(int.Parse(won[5..], System.Globalization.CultureInfo.InvariantCulture));
            }
            else if (won.StartsWith("line ", StringComparison.Ordinal))
            {
                _lines.Append(won[5..]);
            }
        }
    }
}
