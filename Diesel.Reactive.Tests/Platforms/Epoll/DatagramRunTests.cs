using System.Net;
using System.Net.Sockets;

namespace Diesel.Reactive.Tests;

/// <summary>Runs of datagrams, which the system may carry as one.</summary>
public class DatagramRunTests
{
    private static readonly IPEndPoint Loopback = new(IPAddress.Loopback, 0);

    [OneTimeSetUp]
    public void Needs_epoll()
    {
        if (!EpollLoop.IsSupported)
        {
            Assert.Ignore("The loop of Linux alone puts datagrams together.");
        }
    }

    [TestCase("100*130")]
    [TestCase("1*300")]
    [TestCase("100*5 99 100*5")]
    [TestCase("100*5 0 0 100*5 0")]
    [TestCase("1400*100")]
    [TestCase("1401*70")]
    [TestCase("9000*20")]
    [TestCase("50 100 150 100 50")]
    [TestCase("0*10")]
    public void Datagrams_keep_their_bounds_and_order(string lengths)
    {
        var sent = lengths.Split(' ').SelectMany(Each).Select(Payload).ToArray();
        using var live = new Live();
        var received = live.Run(async () =>
        {
            using var socket = await Udp.Bind(Loopback, new() { MaxQueuedBytes = 16 * 1024 * 1024 });
            using var sender = await Udp.Bind(Loopback);
            var all = socket.Datagrams().Take(sent.Length).ToList().PublishLast();
            using var reading = all.Connect();
            var onTheWay = 0;
            foreach (var payload in sent)
            {
                sender.OnNext(new Datagram(payload, socket.LocalEndPoint));

                // The room for what arrives is the system's to bound: it is read in the turn after the one that sends.
                if ((onTheWay += payload.Length + 500) > 40_000)
                {
                    await live.Hub.Sleep();
                    await live.Hub.Sleep();
                    onTheWay = 0;
                }
            }

            return await all;
        });
        Assert.That(received.Select(datagram => datagram.Payload.ToArray()), Is.EqualTo(sent));
    }

    [Test]
    public void A_turns_datagrams_to_several_receivers_reach_each()
    {
        using var live = new Live();
        var received = live.Run(async () =>
        {
            using var sender = await Udp.Bind(Loopback);
            var sockets = new List<IDatagramSocket>();
            for (var i = 0; i < 5; i++)
            {
                sockets.Add(await Udp.Bind(Loopback));
            }

            for (var n = 0; n < 20; n++)
            {
                sender.OnNext(new Datagram($"{n}".ToBytes(), sockets[n % 5].LocalEndPoint));
            }

            var texts = new List<string>();
            foreach (var socket in sockets)
            {
                texts.Add(string.Join(' ', await socket.Datagrams().Take(4).Select(datagram => datagram.Payload.ToText()).ToList()));
                socket.Dispose();
            }

            return texts;
        });
        Assert.That(received, Is.EqualTo(Enumerable.Range(0, 5).Select(i => $"{i} {i + 5} {i + 10} {i + 15}")));
    }

    [Test]
    public void A_bad_receiver_within_a_run_costs_the_others_nothing()
    {
        using var live = new Live();
        var (texts, errors) = live.Run(async () =>
        {
            using var socket = await Udp.Bind(Loopback);
            using var sender = await Udp.Bind(Loopback);
            var failed = new List<Exception>();
            using var watching = sender.Errors.Subscribe(failed.Add);
            var nowhere = new IPEndPoint(IPAddress.Loopback, 0);
            foreach (var to in (EndPoint[])[socket.LocalEndPoint, socket.LocalEndPoint, nowhere, nowhere, socket.LocalEndPoint])
            {
                sender.OnNext(new Datagram("A".ToBytes(), to));
            }

            return (await socket.Datagrams().Take(3).Select(datagram => datagram.Payload.ToText()).ToList(), failed.Count);
        });
        Assert.That((string.Join(' ', texts), errors), Is.EqualTo(("A A A", 2)));
    }

    [Test]
    public void What_was_sent_before_the_socket_is_disposed_leaves()
    {
        using var live = new Live();
        Assert.That(
            live.Run(async () =>
            {
                using var socket = await Udp.Bind(Loopback);
                var sender = await Udp.Bind(Loopback);
                sender.OnNext(new Datagram("last".ToBytes(), socket.LocalEndPoint));
                sender.Dispose();
                return (await socket.Receive()).Payload.ToText();
            }),
            Is.EqualTo("last"));
    }

    [Test]
    public void A_plain_socket_sees_datagrams_and_no_runs()
    {
        using var live = new Live();
        using var plain = new Socket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp) { ReceiveTimeout = (int)Live.Patience.TotalMilliseconds };
        plain.Bind(Loopback);
        live.Run(async () =>
        {
            using var sender = await Udp.Connect((IPEndPoint)plain.LocalEndPoint!);
            for (var n = 0; n < 10; n++)
            {
                sender.Send(Payload(100 - n / 9));
            }

            await live.Hub.Sleep();
        });
        var buffer = new byte[2000];
        Assert.That(Enumerable.Range(0, 10).Select(_ => plain.Receive(buffer)), Is.EqualTo(Enumerable.Repeat(100, 9).Append(99)));
    }

    [Test]
    public void An_endpoint_that_its_owner_changes_is_sent_to_anew()
    {
        using var live = new Live();
        Assert.That(
            live.Run(async () =>
            {
                using var one = await Udp.Bind(Loopback);
                using var other = await Udp.Bind(Loopback);
                using var sender = await Udp.Bind(Loopback);
                var to = new IPEndPoint(IPAddress.Loopback, ((IPEndPoint)one.LocalEndPoint).Port);
                sender.OnNext(new Datagram("1".ToBytes(), to));
                await live.Hub.Sleep();
                to.Port = ((IPEndPoint)other.LocalEndPoint).Port;
                sender.OnNext(new Datagram("2".ToBytes(), to));
                return (await other.Receive()).Payload.ToText();
            }),
            Is.EqualTo("2"));
    }

    private static IEnumerable<int> Each(string lengths) =>
        lengths.Split('*') is [var length, var count] ? Enumerable.Repeat(int.Parse(length), int.Parse(count)) : [int.Parse(lengths)];

    private static byte[] Payload(int length) => [.. Enumerable.Range(0, length).Select(n => (byte)(n * 7))];
}
