using Diesel.Reactive.Protocols;
using Diesel.Reactive.Protocols.Riak;

namespace Diesel.Reactive.Tests;

/// <summary>What a node may not send: the call fails, the connection is closed, and the next call has a fresh one.</summary>
public class RiakHostileTests
{
    private static readonly TestCaseData[] Hostile =
    [
        Case("length 0", "00000000"), Case("length 1 with an unknown code", "00000001 63"), Case("length 1 with a code of search", "00000001 1c"), Case("length 2^32-1", "ffffffff"),
        Case("64 MiB + 1", "04000001 0a"), Case("a varint of 11 bytes", "0000000d 0a 08 ffffffffffffffffffff01"), Case("a field with the number 0", "00000003 0a 0001"),
        Case("a group without an end", "00000002 0a 7b"), Case("the end of a group without a beginning", "00000002 0a 7c"), Case("a content longer than the body", "00000003 0a 0a05"),
        Case("a content without a value", "00000003 0a 0a00"), Case("a pair without a key", "00000007 0a 0a04 0a00 4a00"), Case("the reply to a put", "00000001 0c"), Case("the reply to a ping", "00000001 02"),
        Case("a request", "00000007 09 0a016212016b"), Case("an error without a text", "00000003 00 1000"), Case("two replies", "00000001 0a 00000001 0a"), Case("an answer and half another", "00000001 0a 000000"),
    ];

    [TestCaseSource(nameof(Hostile))]
    public void Is_refused_and_the_next_call_has_a_fresh_connection(byte[] bytes) => RiakPlay.Scripted(
        (frames, connection) => connection == 0 ? bytes : RiakPlay.Value("right"),
        async (riak, _, peers) =>
        {
            Assert.That(await RiakPlay.ErrorOf(riak.Get("b", "k")), Is.InstanceOf<ProtocolException>());
            Assert.That((await riak.Get("b", "k")).Value?.ToText(), Is.EqualTo("right"));
            Assert.That((peers.Count, peers[0].IsReset || peers[0].HasEnded), Is.EqualTo((2, true)));
        },
        "?attempts=1");

    [Test]
    public void Two_replies_are_not_the_next_callers() => RiakPlay.Scripted(
        (frames, connection) => connection == 0 ? [.. RiakPlay.Value("one"), .. RiakPlay.Value("two")] : RiakPlay.Value("right"),
        async (riak, _, _) =>
        {
            // The second is asked for as soon as the first is told, in the same turn.
            var both = await riak.Get("b", "1").Select(static one => one.Value?.ToText()).Catch(Observable.Return<string?>("refused"))
                .SelectMany(first => riak.Get("b", "2").Select(second => $"{first} {second.Value}"));
            Assert.That(both, Is.EqualTo("refused right"));
        },
        "?attempts=1");

    [Test]
    public void A_reply_that_comes_when_nobody_waits_ends_the_connection() => RiakPlay.Scripted(
        (frames, connection) => RiakPlay.Value("right"),
        async (riak, world, peers) =>
        {
            await riak.Get("b", "k");
            peers[0].Sends(RiakPlay.Value("wrong"));
            await world.Hub.Sleep(TimeSpan.FromMilliseconds(10));
            Assert.That((await riak.Get("b", "k")).Value?.ToText(), Is.EqualTo("right"));
            Assert.That((peers.Count, peers[0].IsReset), Is.EqualTo((2, true)));
        });

    [Test]
    public void A_body_that_is_cut_is_an_error() => RiakPlay.Scripted(
        (frames, connection) => connection == 0 ? RiakPlay.Value("right")[..^1] : RiakPlay.Value("right"),
        async (riak, world, peers) =>
        {
            var call = RiakPlay.Failure(riak.Get("b", "k"));
            await world.Hub.Sleep(TimeSpan.FromSeconds(1));
            peers[0].Ends();
            Assert.That(await call, Is.InstanceOf<IOException>());
            Assert.That((await riak.Get("b", "k")).Value?.ToText(), Is.EqualTo("right"));
        },
        "?attempts=1");

    [Test]
    public void Maps_are_sixteen_deep_at_most([Values(15, 16, 17, 1000)] int depth)
    {
        var map = Array.Empty<byte>();
        for (var i = 0; i < depth; i++)
        {
            // MapEntry { field { name "m", type MAP }, map_value … }, as map_value of the next or as map_value of DtValue.
            byte[] entry = [0x0a, 5, 0x0a, 1, (byte)'m', 0x10, 5, .. map];
            map = [i == depth - 1 ? (byte)0x1a : (byte)0x32, .. Varint(entry.Length), .. entry];
        }

        byte[] body = [0x10, 3, 0x1a, .. Varint(map.Length), .. map];
        RiakPlay.Scripted(
            (frames, connection) => [.. BitConverter.GetBytes(System.Net.IPAddress.HostToNetworkOrder(body.Length + 1)), 81, .. body],
            async (riak, _, _) => Assert.That(await RiakPlay.Failure(riak.Fetch(("maps", "b"), "k")), depth < 16 ? Is.Null : Is.InstanceOf<ProtocolException>()),
            "?attempts=1");
    }

    [Test]
    public void A_stream_that_is_never_done_ends_by_its_silence() => RiakPlay.Scripted(
        (frames, connection) => RiakPlay.Frame(18, "0a016b"),
        async (riak, _, peers) =>
        {
            var keys = new List<Bytes>();
            var error = await RiakPlay.ErrorOf(riak.ListKeys("b").Do(keys.Add));
            Assert.That(error, Is.InstanceOf<ConnectionException>());
            Assert.That((keys.Count, peers.Count, peers[0].IsReset), Is.EqualTo((1, 1, true)));
        },
        "?stream_timeout=2s");

    [Test]
    public void An_error_in_the_middle_of_a_stream_closes_its_connection() => RiakPlay.Scripted(
        (frames, connection) => connection == 0 ? [.. RiakPlay.Frame(18, "0a016b"), .. RiakPlay.Frame(0, "0a0774696d656f7574 1000")] : RiakPlay.Value("right"),
        async (riak, _, peers) =>
        {
            Assert.That(await RiakPlay.ErrorOf(riak.ListKeys("b")), Is.InstanceOf<RiakErrorException>().With.Message.EqualTo("timeout"));
            Assert.That((await riak.Get("b", "k")).Value?.ToText(), Is.EqualTo("right"));
            Assert.That((peers.Count, peers[0].IsReset), Is.EqualTo((2, true)));
        });

    [Test]
    public void What_comes_behind_done_is_refused() => RiakPlay.Scripted(
        (frames, connection) => connection == 0 ? [.. RiakPlay.Frame(18, "1001"), .. RiakPlay.Frame(18, "0a016b")] : RiakPlay.Value("right"),
        async (riak, _, _) =>
        {
            Assert.That(await RiakPlay.ErrorOf(riak.ListKeys("b")), Is.InstanceOf<ProtocolException>());
            Assert.That((await riak.Get("b", "k")).Value?.ToText(), Is.EqualTo("right"));
        },
        "?attempts=1");

    [Test]
    public void Random_bytes_give_a_message_or_an_error_and_nothing_else([Range(0, 4)] int seed)
    {
        var random = new Random(seed);
        var codes = RiakCodec.Codes.Select(static code => (byte)code).ToArray();
        for (var i = 0; i < (Live.IsSoak ? 200_000 : 5_000); i++)
        {
            var body = new byte[random.Next(60)];
            random.NextBytes(body);
            try
            {
                RiakCodec.Parse(new((RiakCode)codes[random.Next(codes.Length)], body));
            }
            catch (ProtocolException)
            {
            }
        }
    }

    private static byte[] Varint(int value) => value < 128 ? [(byte)value] : [(byte)(value | 128), .. Varint(value >> 7)];

    private static TestCaseData Case(string name, string hex) => new TestCaseData(Convert.FromHexString(hex.Replace(" ", "", StringComparison.Ordinal))).SetArgDisplayNames(name);
}
