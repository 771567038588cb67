using System.Net;
using Diesel.Reactive.Protocols;
using Diesel.Reactive.Protocols.Riak;
using Diesel.Reactive.Protocols.Riak.Messages;

namespace Diesel.Reactive.Tests;

/// <summary>Streams, and those who are slower than they.</summary>
public class RiakStreamTests
{
    [Test]
    public void A_million_keys_and_a_slow_reader()
    {
        const int Frames = 10_000;
        using var live = new Live();
        var sent = 0;
        var service = live.Starts(new TcpService(new IPEndPoint(IPAddress.Loopback, 0), async connection =>
        {
            await connection.Read(new RiakFraming());
            var part = new RpbListKeysResp();
            part.Keys.AddRange(Enumerable.Range(0, 100).Select(static i => $"a key that is long enough to count: {i:000}".ToByteString()));
            for (; sent < Frames; sent++)
            {
                RiakCodec.Write(RiakCode.ListKeysReply, part, connection.Output);
                await connection.Room();
            }

            RiakCodec.Write(RiakCode.ListKeysReply, new RpbListKeysResp { Done = true }, connection.Output);
            await Hub.Current!.Sleep(TimeSpan.FromSeconds(1));
        }));
        using var riak = new RiakClient($"riak://127.0.0.1:{service.Port}", hub: live.Hub);
        live.Run(async () =>
        {
            GC.Collect();
            var (before, most, count) = (GC.GetTotalMemory(true), 0L, 0);
            await foreach (var key in riak.ListKeys("b").ReadAllAsync(1))
            {
                if (++count == 1)
                {
                    await live.Hub.Sleep(TimeSpan.FromMilliseconds(500));
                    Assert.That(sent, Is.LessThan(Frames / 2), "Nobody takes them, so they are not sent.");
                }

                if (count % 10_000 == 0)
                {
                    await live.Hub.Sleep(TimeSpan.FromMilliseconds(1));
                    most = Math.Max(most, GC.GetTotalMemory(false) - before);
                }
            }

            Assert.That(count, Is.EqualTo(100 * Frames));
            Assert.That(most, Is.LessThan(64L * 1024 * 1024));
            Assert.That(riak.Counts[0].Lent, Is.Zero);
        });
    }

    [Test]
    public void Whoever_leaves_closes_the_connection_and_gives_its_place_back() => RiakPlay.Run(
        async play =>
        {
            for (var i = 0; i < 500; i++)
            {
                await play.Client.Put("b", $"{i}", "");
            }

            for (var i = 0; i < 10; i++)
            {
                Assert.That(await play.Client.ListKeys("b").Take(3).Count(), Is.EqualTo(3));
            }

            Assert.That((play.Client.Counts[0].Lent, play.Client.Counts[0].Closed), Is.EqualTo((0, 10)));
            await play.Client.Ping();
            Assert.That(play.Service.ConnectionCount, Is.EqualTo(1));
        },
        "?max_pool=1");

    [Test]
    public void A_stream_that_was_read_to_its_end_leaves_its_connection_to_others() => RiakPlay.Run(
        async play =>
        {
            await play.Client.Put("b", "k", "");
            await play.Client.ListKeys("b").ToList();
            await play.Client.Ping();
            Assert.That((play.Service.ConnectionCount, play.Client.Counts[0].Created), Is.EqualTo((1, 1)));
        },
        "?max_pool=1");

    [Test]
    public void Items_are_delivered_one_at_a_time_to_one_who_holds() => RiakPlay.Run(async play =>
    {
        for (var i = 0; i < 250; i++)
        {
            await play.Client.Put("b", $"{i}", "");
        }

        var seen = new List<Bytes>();
        await foreach (var key in play.Client.ListKeys("b").ReadAllAsync(1))
        {
            seen.Add(key);
            await play.World.Hub.Sleep(TimeSpan.FromSeconds(1));
        }

        Assert.That(seen.Distinct().Count(), Is.EqualTo(250), "Though each held it for a second, and all for longer than a silence may last.");
    });
}
