using System.Collections.Concurrent;
using System.Net;
using System.Reactive.Concurrency;
using System.Reactive.Disposables;

namespace Diesel.Reactive.Tests;

/// <summary>The kernel tells a reset once, to whoever asks first. What the wait for readiness and a send that waits for room were told
/// comes to the hub in a later turn, in any order.</summary>
[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
public sealed class SocketTransportTests : IDisposable
{
    private const int MoreThanTheKernelTakes = 8_000_000;

    private readonly HeldHub _hub = new();
    private readonly RawPeer _peer;
    private readonly TransportActor _actor;

    public SocketTransportTests()
    {
        using var listener = SystemSockets.Listening(new IPEndPoint(IPAddress.Loopback, 0), new SocketOptions());
        _peer = new RawPeer(listener.EndPoint);
        _actor = new TransportActor(new SocketTransport(new SocketNetwork(_hub), listener.Socket.Accept()));
        _actor.Play(new Step('A', "reads"));
    }

    public void Dispose()
    {
        _actor.Leave();
        _peer.Dispose();
        _hub.Dispose();
    }

    [Test]
    public void A_reset_that_the_wait_for_readiness_was_told_is_no_fin_to_a_send([Values] bool sendFirst)
    {
        _peer.Socket.Send(Tale.Bytes(0, 1));
        _peer.Resets();
        _hub.Next()();
        _actor.Play(new Step('A', "sends", 1));
        Assert.That(Told(_hub.Next(), _hub.Next(), sendFirst), Is.EqualTo("1 #ConnectionReset"));
    }

    [Test]
    public void A_reset_that_a_send_was_told_in_another_thread_is_no_fin_to_a_receive([Values] bool secondFirst)
    {
        _actor.Play(new Step('A', "sends", MoreThanTheKernelTakes));
        _peer.Resets();
        Assert.That(Told(_hub.Next(), _hub.Next(), secondFirst), Is.EqualTo("#ConnectionReset"));
    }

    [Test]
    public void A_reset_behind_a_fin_is_told_behind_it_by_the_send_that_met_it()
    {
        _peer.Ends();
        _hub.Next()();
        _peer.Resets();
        _actor.Play(new Step('A', "sends", 1));
        _hub.Next()();
        Assert.That(_actor.Story, Is.EqualTo("| #ConnectionReset"));
    }

    private string Told(Action first, Action second, bool secondFirst)
    {
        (secondFirst ? second : first)();
        (secondFirst ? first : second)();
        return _actor.Story;
    }

    /// <summary>A hub that runs nothing: the test does, in the order it likes.</summary>
    private sealed class HeldHub : IHub, IDisposable
    {
        private readonly BlockingCollection<Action> _posted = [];

        public bool IsCurrent => true;

        public bool IsDisposed => false;

        public DateTimeOffset Now => DateTimeOffset.UnixEpoch;

        public Action Next() => _posted.TryTake(out var post, Live.Patience) ? post : throw new TimeoutException("Nothing was posted.");

        public TimeProvider TimeProvider => TimeProvider.System;

        public DateTimeOffset TurnTime => Now;

        public void AtTurnEnd(Action<object?> callback, object? state = null) => Post(callback, state);

        public IDisposable Own(IDisposable resource) => Disposable.Empty;

        public bool Post(Action<object?> callback, object? state = null)
        {
            _posted.Add(() => callback(state));
            return true;
        }

        public void Report(Exception error, string source, HubErrorKind? kind = null) => Assert.Fail($"{source}: {error}");

        public IDisposable Schedule<TState>(TState state, Func<IScheduler, TState, IDisposable> action) => Disposable.Empty;

        public IDisposable Schedule<TState>(TState state, TimeSpan dueTime, Func<IScheduler, TState, IDisposable> action) => Disposable.Empty;

        public IDisposable Schedule<TState>(TState state, DateTimeOffset dueTime, Func<IScheduler, TState, IDisposable> action) => Disposable.Empty;

        public void Dispose() => _posted.Dispose();
    }
}
