using System.Net;
using System.Reactive.Concurrency;
using System.Reactive.Disposables;

namespace Diesel.Reactive.Tests;

/// <summary>Dials over a network that tells what, and when, the test wants.</summary>
[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
public sealed class DialTests : IDisposable
{
    private readonly World _clock = new();
    private readonly Scripted _network = new();
    private readonly Hub _hub;

    public DialTests() => _hub = new Hub(_clock.Clock, _network);

    public void Dispose()
    {
        _hub.Dispose();
        _clock.Dispose();
    }

    [Test]
    public void A_loser_that_connects_in_the_same_turn_is_aborted()
    {
        var story = Watch(Tcp.Connect("db", 7, hub: _hub));
        _clock.Passes(0.3);
        var (winner, loser) = (new Pipe(), new Pipe());
        _hub.Schedule(() =>
        {
            _network.Dials[1].OnNext(winner);
            _network.Dials[0].OnNext(loser);
        });
        _clock.Passes(0.001);
        Assert.That((story.Values.Count, story.IsCompleted, winner.IsAborted, loser.IsAborted), Is.EqualTo((1, true, false, true)));
    }

    [Test]
    public void An_endpoint_is_dialled_without_a_lookup()
    {
        var story = Watch(new Dial(IPEndPoint.Parse("10.0.0.8:7"), new(), _hub));
        _network.Dials.Single().OnNext(new Pipe());
        Assert.That((story.IsCompleted, _network.Lookups), Is.EqualTo((true, 0)));
    }

    [Test]
    public void A_dial_that_fails_within_its_subscription_goes_on_to_the_next_address_at_once()
    {
        _network.FailsAtOnce = true;
        var story = Watch(Tcp.Connect("db", 7, hub: _hub));
        Assert.That(story.Error!.Message, Does.StartWith("Cannot connect to db:7. Tried 2 addresses: "));
    }

    [Test]
    public void A_network_that_cannot_dial_an_endpoint_at_all_says_so()
    {
        _network.Throws = true;
        Assert.That(Watch(new Dial(IPEndPoint.Parse("10.0.0.8:7"), new(), _hub)).Error, Is.InstanceOf<NotSupportedException>());
    }

    [Test]
    public void A_name_without_addresses_is_not_known()
    {
        _network.Addresses = [];
        Assert.That(Watch(Tcp.Connect("db", 7, hub: _hub)).Error, Is.InstanceOf<ConnectionException>().With.Message.StartsWith("Cannot find the host 'db': "));
    }

    [Test]
    public void A_dial_whose_hub_ends_in_the_subscription_to_it_is_given_up()
    {
        _network.OnDial = _hub.Dispose;
        var story = Watch(new Dial(IPEndPoint.Parse("10.0.0.8:7"), new(), _hub));
        Assert.That((story.ToString(), _network.GivenUp), Is.EqualTo(("#ObjectDisposedException", 1)));
    }

    [Test]
    public void A_dial_that_is_left_in_the_subscription_to_it_is_given_up()
    {
        var leaving = new SingleAssignmentDisposable();
        _network.OnDial = leaving.Dispose;
        var story = new Story<Connection>();
        leaving.Disposable = new Dial(IPEndPoint.Parse("10.0.0.8:7"), new(), _hub).Subscribe(story);
        _clock.Passes(0.001);
        Assert.That((story.ToString(), _network.GivenUp), Is.EqualTo(("", 1)));
    }

    [Test]
    public void A_dial_under_way_and_one_begun_after_end_with_the_hub_once()
    {
        var (before, dial) = (Watch(Tcp.Connect("db", 7, hub: _hub)), Tcp.Connect("db", 7, hub: _hub));
        _hub.Dispose();
        var after = Story.Of(dial);
        _network.Dials[0].OnNext(new Pipe());
        _clock.Passes(20);
        Assert.That((before.ToString(), after.ToString(), _network.GivenUp), Is.EqualTo(("#ObjectDisposedException", "#ObjectDisposedException", 1)));
    }

    private Story<T> Watch<T>(IObservable<T> source)
    {
        var story = new Story<T>();
        _hub.Schedule(() => { story.Subscription = source.Subscribe(story); });
        _clock.Passes(0.001);
        return story;
    }

    private sealed class Scripted : INetwork, INetworkProvider, INameResolver
    {
        public IReadOnlyList<IPAddress> Addresses { get; set; } = [IPAddress.Parse("10.0.0.8"), IPAddress.Parse("10.0.0.9")];

        public List<IObserver<ITransport>> Dials { get; } = [];

        public int Lookups { get; private set; }

        public int GivenUp { get; private set; }

        public bool FailsAtOnce { get; set; }

        public bool Throws { get; set; }

        public Action OnDial { get; set; } = static () => { };

        public INetwork CreateNetwork(IHub hub) => this;

        public INameResolver Names => this;

        public IObservable<ResolvedAddress> Resolve(string host)
        {
            Lookups++;
            return Addresses.Select(address => new ResolvedAddress(address)).ToObservable();
        }

        public IObservable<ITransport> Connect(EndPoint remote, SocketOptions options) =>
            Throws ? throw new NotSupportedException() : new Dialling(this);

        public IListener Listen(EndPoint local, SocketOptions options, Action<ITransport> accept) => throw new NotSupportedException();

        public IDatagramTransport Bind(EndPoint local, EndPoint? remote, SocketOptions options) => throw new NotSupportedException();

        // Without what Rx does for an observer that has left.
        private sealed class Dialling(Scripted network) : IObservable<ITransport>
        {
            public IDisposable Subscribe(IObserver<ITransport> observer)
            {
                network.Dials.Add(observer);
                network.OnDial();
                if (network.FailsAtOnce)
                {
                    observer.OnError(new ConnectionException("No."));
                }

                return Disposable.Create(() => network.GivenUp++);
            }
        }
    }

    private sealed class Pipe : ITransport
    {
        public bool IsAborted { get; private set; }

        public EndPoint LocalEndPoint { get; } = IPEndPoint.Parse("10.0.0.2:40000");

        public EndPoint RemoteEndPoint { get; } = IPEndPoint.Parse("10.0.0.8:7");

        public long UntakenBytes => 0;

        public void Start(ITransportHandler handler)
        {
        }

        public void Receive()
        {
        }

        public int Send(ReadOnlySpan<byte> bytes) => bytes.Length;

        public void ShutdownSend()
        {
        }

        public void Close()
        {
        }

        public void Abort() => IsAborted = true;
    }
}
