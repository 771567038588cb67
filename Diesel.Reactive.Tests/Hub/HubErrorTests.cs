using System.Net;
using System.Net.Sockets;

namespace Diesel.Reactive.Tests;

public class HubErrorTests
{
    private static readonly IPEndPoint Here = new(IPAddress.Loopback, 7);

    private static readonly (Exception Error, HubErrorKind Kind)[] Kinds =
    [
        (new ProtocolException("x"), HubErrorKind.Peer),
        (new TruncatedFrameException(3), HubErrorKind.Peer),
        (new SlowConsumerException(2, 1, Here), HubErrorKind.Peer),
        (ConnectionException.Lost(Here, Here, SocketError.ConnectionReset), HubErrorKind.Peer),
        (ConnectionException.Lost(Here, Here, SocketError.ConnectionAborted), HubErrorKind.Peer),
        (ConnectionException.Lost(Here, Here, SocketError.HostUnreachable), HubErrorKind.Network),
        (ConnectionException.NotConnected(Here, SocketError.ConnectionRefused), HubErrorKind.Network),
        (new ConnectionException("x"), HubErrorKind.Network),
        (new ConnectionException("x", Here, new ProtocolException("y")), HubErrorKind.Peer),
        (new ConnectionException("x", Here, new FormatException()), HubErrorKind.Code),
        (new TimeoutException(), HubErrorKind.Code),
        (new FormatException(), HubErrorKind.Code),
    ];

    [Test]
    public void The_exception_says_whose_doing_it_is()
    {
        using var world = new World();
        world.Do(() => Array.ForEach(Kinds, k => world.Hub.Report(k.Error, "test")));
        Assert.That(world.Errors.Select(e => e.Kind), Is.EqualTo(Kinds.Select(k => k.Kind)));
    }

    [Test]
    public void Who_reports_may_know_better()
    {
        using var world = new World();
        world.Do(() => world.Hub.Report(new FormatException(), "test", HubErrorKind.Peer));
        Assert.That(world.Errors.Single().Kind, Is.EqualTo(HubErrorKind.Peer));
    }

    [Test]
    public void An_error_is_one_line_whatever_a_peer_sent() => Assert.That(
        new HubError(new ProtocolException("no command 'A\r\nroot logged in\u001b[0m'"), "test", HubErrorKind.Peer).ToString(),
        Is.EqualTo(@"test: ProtocolException: no command 'A root logged in\x1b[0m'"));

    [Test]
    public void What_was_posted_may_have_no_name()
    {
        using var world = new World();
        world.Do(() => world.Hub.Post(static _ => throw new FormatException(), new Nameless()));
        Assert.That(world.Errors.Single().ToString(), Is.EqualTo("Nameless (its ToString threw InvalidOperationException): FormatException: One of the identified items was in an invalid format."));
    }

    [Test]
    public void An_exception_may_have_no_message() => Assert.That(
        new HubError(new Speechless(), "test", HubErrorKind.Code).ToString(), Is.EqualTo("test: Speechless: (its Message threw InvalidOperationException)"));

    [Test]
    public void A_loop_that_somebody_joined_is_theirs()
    {
        using var world = new World();
        Exception? told = null;
        world.Do(() => world.Hub.Fork(static () => throw new FormatException()).Subscribe(static _ => { }, error => told = error));
        Assert.That((told?.GetType(), world.Trouble), Is.EqualTo((typeof(FormatException), "")));
    }

    [Test]
    public void A_loop_that_was_awaited_is_the_awaiters()
    {
        using var world = new World();
        Exception? caught = null;
        world.Do(() => world.Hub.Fork(async () =>
        {
            try
            {
                await world.Hub.Fork(static () => throw new FormatException());
            }
            catch (FormatException error)
            {
                caught = error;
            }
        }));
        Assert.That((caught?.GetType(), world.Trouble), Is.EqualTo((typeof(FormatException), "")));
    }

    [Test]
    public void Who_joins_without_a_place_for_errors_has_it_reported_once()
    {
        using var world = new World();
        world.Do(() => world.Hub.Fork(static () => throw new FormatException()).Subscribe(static _ => { }));
        Assert.That(world.Trouble, Is.EqualTo(nameof(FormatException)));
    }

    [Test]
    public void Who_joined_and_left_again_has_not_taken_it()
    {
        using var world = new World();
        world.Do(() => world.Hub.Fork(static () => throw new FormatException()).Subscribe(static _ => { }, static _ => { }).Dispose());
        Assert.That(world.Trouble, Is.EqualTo(nameof(FormatException)));
    }

    private sealed class Nameless
    {
        public override string ToString() => throw new InvalidOperationException();
    }

    private sealed class Speechless : Exception
    {
        public override string Message => throw new InvalidOperationException();
    }
}
