using System.Reactive.Threading.Tasks;
using System.Text;
using Diesel.Reactive.Protocols.Riak;
using Diesel.Reactive.Protocols.Riak.Messages;

namespace Diesel.Reactive.Tests;

/// <summary>Replies have no number: whoever leaves in the middle of one must not leave it to the next.</summary>
public class RiakLaws
{
    private static int Seeds => Live.IsSoak ? 10_000 : 1000;

    [Test]
    public void A_late_reply_is_nobodys([Values] bool isTimeout) => RiakPlay.Scripted(
        (frames, connection) => [],
        async (riak, world, peers) =>
        {
            // As in riak-python-client: the reply to a call that was given up came when the next one on that connection was waiting, which stored it under its own key.
            var reply = RiakPlay.Value("of one");
            for (var cut = 0; cut <= reply.Length; cut++)
            {
                var first = riak.With(o => o with { Timeout = TimeSpan.FromMilliseconds(isTimeout ? 20 : 5000) });
                using (first.Get("b", "one").Subscribe(static _ => { }, static _ => { }))
                {
                    await world.Hub.Sleep(TimeSpan.FromMilliseconds(5));
                    peers.Last.Sends(reply.AsMemory(0, Math.Min(cut, reply.Length - 1)));
                    await world.Hub.Sleep(TimeSpan.FromMilliseconds(isTimeout ? 30 : 5));
                }

                var late = peers.Last;
                var second = riak.Get("b", "two").Select(static one => one.Value?.ToText()).ToTask();
                await world.Hub.Sleep(TimeSpan.FromMilliseconds(5));
                late.Sends(reply.AsMemory(Math.Min(cut, reply.Length - 1)));
                peers.Last.Sends(RiakPlay.Value("of two"));
                Assert.That(await second, Is.EqualTo("of two"), $"{cut} bytes had come");
                Assert.That((late.IsReset, late == peers.Last), Is.EqualTo((true, false)), "It is closed, and not used again.");
            }
        },
        "?max_pool=1", silent: true);

    [Test]
    public void No_value_of_another_key_is_returned_or_stored() => Assert.Multiple(() =>
    {
        var (answered, left, late) = (0, 0, 0);
        for (var seed = 0; seed < Seeds; seed++)
        {
            var run = new LawOfKeys(seed);
            run.Play();
            (answered, left, late) = (answered + run.Answered, left + run.Left, late + run.Late);
        }

        TestContext.Out.WriteLine($"{Seeds} seeds: {answered} answered, {left} left, {late} timed out");
        Assert.That(Math.Min(answered, Math.Min(left, late)), Is.GreaterThan(Seeds));
    });

    private sealed class LawOfKeys(int seed)
    {
        private readonly Random _random = new(seed);
        private readonly World _world = new(seed, traceLimit: 0);

        public int Answered { get; private set; }

        public int Left { get; private set; }

        public int Late { get; private set; }

        public void Play()
        {
            using var world = _world;
            using var peers = _world.Listens(8087, peer => _world.Hub.Fork(() => Serve(peer)));
            _world.Play(async () =>
            {
                using (var riak = new RiakClient($"riak://{World.Here}/?attempts=2&max_pool={1 + _random.Next(3)}", hub: _world.Hub))
                {
                    await Task.WhenAll(Enumerable.Range(0, 4).Select(caller => Call(riak, $"key{caller}")));
                }

                peers.Dispose();
            });
        }

        private async Task Call(RiakClient riak, string key)
        {
            for (var i = 0; i < 5; i++)
            {
                var hasty = riak.With(o => o with { Timeout = TimeSpan.FromMilliseconds(_random.Next(2) == 0 ? 1 + _random.Next(30) : 5000) });
                var gives = new TaskCompletionSource();
                using var call = hasty.Get("b", key).Subscribe(
                    found =>
                    {
                        Answered++;
                        Assert.That(found.Value?.ToText(), Is.EqualTo($"of {key}"), $"seed {seed}");
                        hasty.Put("b", key, found.Contents[0]).Subscribe(static _ => { }, static _ => { });
                    },
                    error =>
                    {
                        Late++;
                        gives.TrySetResult();
                    },
                    () => gives.TrySetResult());
                if (_random.Next(3) == 0)
                {
                    await _world.Hub.Sleep(TimeSpan.FromMilliseconds(_random.Next(25)));
                    Left += gives.Task.IsCompleted ? 0 : 1;
                }
                else
                {
                    await gives.Task;
                }
            }
        }

        // Answers slowly, in pieces, and goes on when nobody waits any more.
        private async Task Serve(Peer peer)
        {
            var at = 0;
            while (!peer.IsReset && !peer.HasEnded)
            {
                await _world.Hub.Sleep(TimeSpan.FromMilliseconds(1));
                while (peer.Received.Length >= at + 5 && peer.Received.Length >= at + 4 + Length(peer.Received, at))
                {
                    var body = Encoding.Latin1.GetBytes(peer.Received.Substring(at + 5, Length(peer.Received, at) - 1));
                    var reply = peer.Received[at + 4] == 9 ? RiakPlay.Value($"of {RpbGetReq.Parser.ParseFrom(body).Key.ToStringUtf8()}") : Stored(RpbPutReq.Parser.ParseFrom(body));
                    at += 4 + Length(peer.Received, at);
                    for (var sent = 0; sent < reply.Length;)
                    {
                        var more = Math.Min(reply.Length - sent, 1 + _random.Next(reply.Length));
                        peer.Sends(reply.AsMemory(sent, more));
                        sent += more;
                        await _world.Hub.Sleep(TimeSpan.FromMilliseconds(_random.Next(12)));
                    }
                }
            }
        }

        private byte[] Stored(RpbPutReq put)
        {
            Assert.That(put.Content.Value.ToStringUtf8(), Is.EqualTo($"of {put.Key.ToStringUtf8()}"), $"stored, seed {seed}");
            return RiakPlay.Frame(12);
        }

        private static int Length(string received, int at) => (received[at] << 24) | (received[at + 1] << 16) | (received[at + 2] << 8) | received[at + 3];
    }
}
