using System.Net;
using System.Net.Sockets;
using System.Text.RegularExpressions;
using Diesel.Reactive.Testing;

namespace Diesel.Reactive.Tests;

/// <summary>RFC 8305, of a name with an IPv6 and an IPv4 address.</summary>
[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
public sealed class HappyEyeballsTests : IDisposable
{
    private readonly TwoAddresses _db = new();

    public void Dispose() => _db.Dispose();

    [Test]
    public void The_first_address_is_dialled_alone_when_it_answers() =>
        Assert.That((_db.Dial(), _db.Dialled), Is.EqualTo(("six after 0 ms", "six")));

    [Test]
    public void A_silent_first_address_costs_one_delay()
    {
        _db.Network.Silence("six");
        Assert.That((_db.Dial(), _db.Dialled, _db.IsOneConnectionLeft), Is.EqualTo(("four after 250 ms", "six four", true)));
    }

    [TestCase(0)]
    [TestCase(40)]
    public void A_first_address_that_refuses_costs_its_answer_only(int milliseconds)
    {
        _db.Refuses("six").IsLate("six", milliseconds);
        Assert.That((_db.Dial(), _db.IsOneConnectionLeft), Is.EqualTo(($"four after {milliseconds} ms", true)));
    }

    [TestCase(40, "six after 40 ms", "six")]
    [TestCase(249, "six after 249 ms", "six")]
    [TestCase(251, "four after 250 ms", "six four")]
    public void A_first_address_that_is_late_wins_within_the_delay_only(int milliseconds, string winner, string dialled)
    {
        _db.IsLate("six", milliseconds);
        Assert.That((_db.Dial(), _db.Dialled, _db.IsOneConnectionLeft), Is.EqualTo((winner, dialled, true)));
    }

    [Test]
    public void A_machine_without_a_way_to_IPv6_loses_no_time()
    {
        using var db = new TwoAddresses(hasSix: false);
        Assert.That((db.Dial(), db.IsOneConnectionLeft), Is.EqualTo(("four after 0 ms", true)));
    }

    [Test]
    public void A_way_to_IPv6_that_is_broken_costs_one_delay()
    {
        _db.Network.Partition("client", "six");
        Assert.That((_db.Dial(), _db.IsOneConnectionLeft), Is.EqualTo(("four after 250 ms", true)));
        _db.Network.Heal("client", "six");
        _db.Passes(1000);
        Assert.That(_db.IsOneConnectionLeft, Is.True);
    }

    [TestCase(400, 400, "six after 400 ms")]
    [TestCase(1000, 100, "four after 350 ms")]
    [TestCase(350, 100, "six after 350 ms")]
    [TestCase(1000, 1000, "six after 1000 ms")]
    public void Of_two_that_are_late_the_first_to_connect_wins(int six, int four, string winner)
    {
        _db.IsLate("six", six).IsLate("four", four);
        Assert.That((_db.Dial(), _db.IsOneConnectionLeft), Is.EqualTo((winner, true)));
    }

    [Test]
    public void From_a_port_that_is_given_one_is_dialled_at_a_time()
    {
        _db.IsLate("six", 400);
        var options = new TcpConnectOptions { Socket = new() { LocalEndPoint = new IPEndPoint(IPAddress.Parse("fd00::2"), 5000) } };
        Assert.That((_db.Dial(options), _db.Dialled), Is.EqualTo(("six after 400 ms", "six")));
    }

    [Test]
    public void A_failure_after_the_delay_leaves_the_one_that_is_dialled_meanwhile()
    {
        _db.Refuses("six").IsLate("six", 300).IsLate("four", 400);
        Assert.That(_db.Dial(), Is.EqualTo("four after 650 ms"));
    }

    [Test]
    public void When_all_fail_the_error_tells_of_each_and_advises_on_the_most_telling()
    {
        using var db = new TwoAddresses(hasSix: false);
        var error = (ConnectionException)db.Refuses("four").Fails();
        Assert.That(error.Message, Is.EqualTo(
            "Cannot connect to db:7. Tried 2 addresses: [fd00::6]:7 (there is no route to it), 10.0.0.4:7 (connection refused). Is something listening there?"));
        Assert.That((error.EndPoint, ((SocketException)error.InnerException!).SocketErrorCode), Is.EqualTo(
            (IPEndPoint.Parse("10.0.0.4:7"), SocketError.ConnectionRefused)));
    }

    [Test]
    public void A_timeout_tells_of_each_and_leaves_no_socket()
    {
        _db.Network.Silence("six");
        Assert.That(_db.Refuses("four").Fails(), Is.InstanceOf<TimeoutException>().With.Message.EqualTo(
            "No connection to db:7 within 00:00:15. Tried 2 addresses: [fd00::6]:7 (no answer yet), 10.0.0.4:7 (connection refused). " +
            "Is it reachable? Raise ConnectTimeout if it is only slow."));
        Assert.That(_db.Network.Host("client").Sockets, Is.Empty);
    }

    [Test]
    public void Who_leaves_leaves_no_socket()
    {
        _db.Network.Silence("six");
        _db.Network.Silence("four");
        var dial = _db.Watch();
        _db.Passes(300);
        Assert.That(_db.Network.Host("client").Sockets, Has.Count.EqualTo(2));
        dial.Subscription!.Dispose();
        _db.Passes(1);
        Assert.That(_db.Network.Host("client").Sockets, Is.Empty);
    }

    [TestCase("A B C", "A B C")]
    [TestCase("A A B", "A B")]
    [TestCase("a b c A B", "a A b B c")]
    [TestCase("A B a b c", "A a B b c")]
    public void Families_take_turns_beginning_with_the_first(string found, string tried)
    {
        using var world = new World();
        world.Hub.UseResolver(new ScriptedNames(found.Split(' ').Select(Address).ToObservable()));
        var error = world.Watch(Tcp.Connect("db", 7, hub: world.Hub)).Error!;
        Assert.That(string.Join(' ', NamesIn(error.Message)), Is.EqualTo(tried));
    }

    private static ResolvedAddress Address(string name) =>
        new(IPAddress.Parse(char.IsUpper(name[0]) ? $"10.0.1.{name[0] - 'A' + 1}" : $"fd00::{name}"));

    private static IEnumerable<string> NamesIn(string error) => Regex.Matches(error, @"10\.0\.1\.(\d):7|\[fd00::(\w)\]:7")
        .Select(static one => one.Groups[1].Success ? $"{(char)('A' + one.Groups[1].Value[0] - '1')}" : one.Groups[2].Value);

    /// <summary>A client, and the name <c>db</c> of the hosts <c>six</c> and <c>four</c>, which listen at port 7.</summary>
    private sealed class TwoAddresses : IDisposable
    {
        private readonly TwoHosts _hosts;
        private readonly Dictionary<string, IListener> _listeners = [];

        public TwoAddresses(bool hasSix = true)
        {
            Network = new VirtualNetwork();
            Network.Host("client", [IPAddress.Parse("10.0.0.2"), .. hasSix ? [IPAddress.Parse("fd00::2")] : Array.Empty<IPAddress>()]);
            Network.Host("six", IPAddress.Parse("fd00::6"));
            Network.Host("four", IPAddress.Parse("10.0.0.4"));
            Network.Alias("db", "six", "four");
            _hosts = new TwoHosts(network: Network);
            Array.ForEach(["six", "four"], Listen);
        }

        public VirtualNetwork Network { get; }

        public string Dialled => string.Join(' ', Network.Trace.Entries.Where(static e => e.Kind == TraceKind.Dialled)
            .Select(static e => e.Link["client→".Length..]));

        /// <summary>One connection is open, and the client has no other socket, nor has anybody else.</summary>
        public bool IsOneConnectionLeft => Network.Host("client").Sockets.Count == 1
            && Network.Host("six").Sockets.Concat(Network.Host("four").Sockets).OfType<VirtualTransport>().Count() == 1;

        public TwoAddresses IsLate(string host, double milliseconds)
        {
            Network.SetLinks("client", host, TwoHosts.Slow(milliseconds / 2));
            return this;
        }

        public TwoAddresses Refuses(string host)
        {
            _listeners[host].Dispose();
            return this;
        }

        public Story<Connection> Watch() => _hosts.Watch(Tcp.Connect("db", 7, hub: _hosts.Client), 0);

        /// <summary>Who answered, and when.</summary>
        public string Dial(TcpConnectOptions? options = null)
        {
            var (begin, end) = (_hosts.Clock.Milliseconds, -1);
            var story = _hosts.Watch(Tcp.Connect("db", 7, options, _hosts.Client).Do(_ => end = _hosts.Clock.Milliseconds), 5000);
            return $"{(story.Last.RemoteEndPoint.AddressFamily == AddressFamily.InterNetworkV6 ? "six" : "four")} after {end - begin} ms";
        }

        public Exception Fails() => _hosts.Watch(Tcp.Connect("db", 7, hub: _hosts.Client), 15_001).Error!;

        public void Passes(double milliseconds) => _hosts.Passes(milliseconds);

        public void Dispose() => _hosts.Dispose();

        private void Listen(string name)
        {
            var host = Network.Host(name);
            _listeners[name] = host.CreateNetwork(_hosts.Server).Listen(new IPEndPoint(host.Addresses[0], 7), new(), static _ => { });
        }
    }
}
