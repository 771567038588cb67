using System.Net;

namespace Diesel.Reactive.Tests;

[Platform("Linux")]
[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
public class PollerTests
{
    private readonly Poller _poller = new();
    private readonly Hub _hub = new(System.Reactive.Concurrency.ImmediateScheduler.Instance);
    private readonly Turns _turns;

    public PollerTests() => _turns = new Turns(_hub, new EpollLoop("polled", TimeSpan.Zero));

    [TearDown]
    public void Close() => _poller.Dispose();

    [Test]
    public void An_event_fetched_for_a_closed_descriptor_does_not_reach_the_one_that_got_its_number()
    {
        var (old, young) = (new Target(), new Target());
        var first = NewReadable();
        var ticket = _poller.Add(first, Libc.Readable, old);
        _poller.Wait(TimeSpan.Zero);

        _poller.Remove(ticket);
        _ = Libc.Close(first);
        var second = NewReadable();
        _poller.Add(second, Libc.Readable, young);
        _poller.Dispatch(_turns);

        Assert.That((second == first, old.Events, young.Events), Is.EqualTo((true, 0, 0)));
        _ = Libc.Close(second);
    }

    [Test]
    public void Tells_who_is_ready()
    {
        var target = new Target();
        var descriptor = NewReadable();
        _poller.Add(descriptor, Libc.Readable, target);
        _poller.Wait(TimeSpan.FromSeconds(5));
        _poller.Dispatch(_turns);
        Assert.That(target.Events, Is.EqualTo(1));
        _ = Libc.Close(descriptor);
    }

    [Test]
    public void A_wake_from_another_thread_ends_the_wait()
    {
        var waiting = Task.Run(() => _poller.Wait(null));
        _poller.Wake();
        Assert.That(waiting.Wait(TimeSpan.FromSeconds(10)), Is.True);
    }

    [Test]
    public void What_cannot_be_watched_takes_no_place()
    {
        var descriptor = NewReadable();
        var first = _poller.Add(descriptor, Libc.Readable, new Target());
        Assert.That(() => _poller.Add(descriptor, Libc.Readable, new Target()), Throws.InstanceOf<IOException>());
        var other = NewReadable();
        Assert.That((int)_poller.Add(other, Libc.Readable, new Target()), Is.EqualTo((int)first + 1));
        _ = Libc.Close(descriptor);
        _ = Libc.Close(other);
    }

    [Test]
    public void A_connection_that_cannot_be_watched_fails_and_leaves_no_descriptor()
    {
        using var live = new Live();
        var path = typeof(PollerTests).Assembly.Location;
        var file = File.OpenHandle(path);
        var descriptor = (int)file.DangerousGetHandle();
        file.SetHandleAsInvalid();
        var failing = new Failing();
        live.Do(() => new EpollTransport((EpollNetwork)live.Hub.Network, descriptor, new IPEndPoint(IPAddress.Loopback, 1)).Start(failing));
        Assert.That(live.Await(failing.Error.Task).Message, Does.Contain("cannot be watched"));
        Assert.That(new FileInfo($"/proc/self/fd/{descriptor}").LinkTarget, Is.Not.EqualTo(path));
    }

    private static int NewReadable() => Libc.EventDescriptor(1, Libc.CloseOnExec);

    private sealed class Failing : ITransportHandler
    {
        public TaskCompletionSource<Exception> Error { get; } = new();

        public void OnReceived(ReadOnlyMemory<byte> chunk)
        {
        }

        public void OnWritable(int sent)
        {
        }

        public void OnFailed(ConnectionException error) => Error.SetResult(error);
    }

    private sealed class Target : IPollTarget
    {
        public int Events { get; private set; }

        public void OnReady(uint events) => Events++;
    }
}
