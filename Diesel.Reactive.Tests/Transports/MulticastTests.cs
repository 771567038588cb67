using System.Net;
using System.Net.NetworkInformation;

namespace Diesel.Reactive.Tests;

[TestFixtureSource(typeof(EventLoops), nameof(EventLoops.All))]
public class MulticastTests(Func<Hub> loop)
{
    private static readonly IPAddress Group = IPAddress.Parse("239.255.7.7");
    private static readonly IPAddress Here = IPAddress.Loopback;
    private static readonly int LoopbackInterface = NetworkInterface.LoopbackInterfaceIndex;

    private Live _live = null!;

    [SetUp]
    public void Start() => _live = new Live(loop());

    [TearDown]
    public void Stop() => _live.Dispose();

    [Test]
    public void What_is_sent_to_a_group_is_received_by_who_joined_it_until_it_leaves() => Assert.That(
        Heard(
            join: static groups => groups.Join(Group, networkInterface: LoopbackInterface),
            then: static groups => groups.Leave(Group, networkInterface: LoopbackInterface)),
        Is.EqualTo(("heard", "not heard")));

    [TestCase("127.0.0.1", "heard")]
    [TestCase("127.0.0.9", "not heard")]
    public void A_group_can_be_joined_for_one_sender(string source, string heard)
    {
        LinuxOnly();
        Assert.That(Heard(groups => groups.Join(Group, IPAddress.Parse(source), LoopbackInterface)).First, Is.EqualTo(heard));
    }

    [Test]
    public void A_sender_can_be_shut_out_and_let_in_again()
    {
        LinuxOnly();
        var heard = Heard(
            join: static groups =>
            {
                groups.Join(Group, networkInterface: LoopbackInterface);
                groups.Block(Group, Here, LoopbackInterface);
            },
            then: static groups => groups.Unblock(Group, Here, LoopbackInterface));
        Assert.That(heard, Is.EqualTo(("not heard", "heard")));
    }

    [Test]
    public void How_groups_are_sent_to_can_be_read_and_set()
    {
        var read = Of<IMulticastGroups, (int, bool, int, int, bool, int)>(static groups =>
        {
            var before = (groups.TimeToLive, groups.Loopback, groups.Interface);
            (groups.TimeToLive, groups.Loopback, groups.Interface) = (7, false, LoopbackInterface);
            return (before.TimeToLive, before.Loopback, before.Interface, groups.TimeToLive, groups.Loopback, groups.Interface);
        });
        Assert.That((read.Item1, read.Item2, read.Item3, read.Item4, read.Item5), Is.EqualTo((1, true, 0, 7, false)));
    }

    [TestCase("127.0.0.1")]
    [TestCase("::1")]
    public void How_far_datagrams_go_can_be_read_and_set(string local) => Assert.That(
        Of<IHopLimit, int>(
            static hops =>
            {
                hops.TimeToLive = 255;
                return hops.TimeToLive;
            },
            IPAddress.Parse(local)),
        Is.EqualTo(255));

    [TestCase(0)]
    [TestCase(256)]
    public void A_hop_limit_is_a_byte_and_not_nothing(int hops) => Assert.That(
        () => Of<IHopLimit, int>(limit => limit.TimeToLive = hops), Throws.InstanceOf<ArgumentOutOfRangeException>());

    [TestCase("127.0.0.1", null)]
    [TestCase("10.1.2.3", null)]
    [TestCase("239.1.1.1", "::1")]
    public void What_is_no_group_is_refused(string group, string? source) => Assert.That(
        () => Of<IMulticastGroups, int>(groups =>
        {
            groups.Join(IPAddress.Parse(group), source is null ? null : IPAddress.Parse(source));
            return 0;
        }),
        Throws.ArgumentException);

    [Test]
    public void What_the_system_refuses_says_what() => Assert.That(
        () => Of<IMulticastGroups, int>(static groups =>
        {
            groups.Leave(Group);
            return 0;
        }),
        Throws.InstanceOf<ConnectionException>().With.Message.Match(@"^Cannot leave the group 239\.255\.7\.7 at 127\.0\.0\.1:\d+: .+\.$"));

    [Test]
    public void A_socket_that_was_disposed_knows_nothing() => Assert.That(
        _live.Run(async () =>
        {
            var socket = await Udp.Bind(new IPEndPoint(Here, 0));
            socket.Dispose();
            return socket.Feature<IMulticastGroups>();
        }),
        Is.Null);

    [Test]
    public void A_network_in_memory_knows_nothing()
    {
        using var world = new World();
        Assert.That(world.Watch(Udp.Bind(new IPEndPoint(World.Here, 53), hub: world.Hub)).Last.Feature<IMulticastGroups>(), Is.Null);
    }

    private static void LinuxOnly()
    {
        if (!OperatingSystem.IsLinux())
        {
            Assert.Ignore("Sources of groups are told apart on Linux only.");
        }
    }

    private TResult Of<T, TResult>(Func<T, TResult> ask, IPAddress? local = null)
        where T : class =>
        _live.Run(async () =>
        {
            using var socket = await Udp.Bind(new IPEndPoint(local ?? Here, 0));
            return ask(socket.Feature<T>()!);
        });

    // Whether what is sent to the group comes, and what is sent after something was changed. A datagram to the socket itself, behind it, tells
    // that nothing more is on its way.
    private (string First, string Second) Heard(Action<IMulticastGroups> join, Action<IMulticastGroups>? then = null) => _live.Run(async () =>
    {
        using var member = await Udp.Bind(new IPEndPoint(IPAddress.Any, 0));
        var port = ((IPEndPoint)member.LocalEndPoint).Port;
        using var sender = await Udp.Bind(new IPEndPoint(Here, 0));
        sender.Feature<IMulticastGroups>()!.Interface = LoopbackInterface;
        var groups = member.Feature<IMulticastGroups>()!;
        join(groups);
        var first = await Hears();
        then?.Invoke(groups);
        return (first, await Hears());

        async Task<string> Hears()
        {
            sender.OnNext(new Datagram("group"u8.ToArray(), new IPEndPoint(Group, port)));
            sender.OnNext(new Datagram("end"u8.ToArray(), new IPEndPoint(Here, port)));
            var came = (await member.Receive()).Payload.ToText();
            if (came == "end")
            {
                return "not heard";
            }

            await member.Receive();
            return "heard";
        }
    });
}
