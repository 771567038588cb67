using System.Reactive.Concurrency;

namespace Diesel.Reactive.Protocols.Redis;

/// <summary>A server of a cluster and the connection to it, and how it does. The hub's thread only.</summary>
internal sealed class ClusterMember : IRedisListener, IDisposable
{
    // So much of a measurement counts as what was known before is left of it.
    private const double Weight = 0.3;

    private static readonly TimeSpan Nagging = TimeSpan.FromMilliseconds(250);

    private static readonly RedisCommand<RespValue> Ping = new("PING", Reply.Any) { IsReadOnly = true };

    private readonly ClusterTopology _cluster;
    private readonly IStopwatch _clock;
    private IDisposable? _measuring;
    private TimeSpan? _downUntil;
    private TimeSpan? _measured;
    private IDisposable? _nagging;
    private ClientPhase _phase;
    private bool _isLost;

    public ClusterMember(ClusterTopology cluster, RedisLink link)
    {
        (_cluster, Link, _clock) = (cluster, link, cluster.Hub.StartStopwatch());
        link.Pushes.Add(this);
        link.Events.Subscribe(cluster.Tell);
        link.State.Subscribe(Changed);
    }

    public RedisLink Link { get; }

    /// <summary>How long it takes to answer; null: that was not measured.</summary>
    public TimeSpan? Latency { get; private set; }

    public bool IsReady => _phase == ClientPhase.Ready;

    /// <summary>Whether it could not be reached a moment ago.</summary>
    public bool IsDown => _downUntil > _clock.Elapsed;

    /// <summary>Whether it is to be found out anew how fast it is.</summary>
    public bool IsMeasuredLongAgo => _measured is not { } when || _clock.Elapsed - when > _cluster.Patience;

    /// <summary>Finds out how fast it is.</summary>
    public void Measure()
    {
        if (_measuring is not null)
        {
            return;
        }

        var began = _clock.Elapsed;
        _measuring = Link.Ask(Ping).Timeout(_cluster.Target.Options.Timeout, _cluster.Hub).Subscribe(_ => Measured(_clock.Elapsed - began), _ => Measured(null));
    }

    /// <summary>Somebody needs it: as long as it cannot be reached, and calls wait for it, it is asked whether another has its place.</summary>
    public void Need()
    {
        if (_isLost && _nagging is null)
        {
            _cluster.Maps.Ask();
            _nagging = _cluster.Hub.Schedule(Nagging, Nag);
        }
    }

    /// <summary>It cannot answer for a while.</summary>
    public void Avoid() => _downUntil = _clock.Elapsed + _cluster.Patience;

    public void Dispose()
    {
        Leave();
        Link.Dispose();
    }

    /// <summary>Ends it at once.</summary>
    public void Drop()
    {
        Leave();
        Link.Drop();
    }

    // Whoever lives by all connections is told of each.
    void IRedisListener.Begun() => _cluster.Pushes.Begin();

    void IRedisListener.Pushed(RespValue push) => _cluster.Pushes.OnNext(push);

    void IRedisListener.Lost() => _cluster.Pushes.OnCompleted();

    void IRedisListener.SlotsLeft() => _cluster.Pushes.SlotsLeft();

    private void Leave()
    {
        _measuring?.Dispose();
        _nagging?.Dispose();
        _isLost = false;
    }

    private void Nag()
    {
        _nagging?.Dispose();
        _nagging = null;
        if (Link.Counts.Queued > 0)
        {
            Need();
        }
    }

    private void Measured(TimeSpan? took)
    {
        (_measuring, _measured) = (null, _clock.Elapsed);
        if (took is { } span)
        {
            Latency = Latency is { } before ? (before * (1 - Weight)) + (span * Weight) : span;
        }
    }

    private void Changed(ClientState state)
    {
        _phase = state.Phase;
        if (state.Phase == ClientPhase.Ready)
        {
            (_downUntil, _isLost) = (null, false);
        }
        else if (state is { Phase: ClientPhase.Disconnected, Reason: not null })
        {
            Avoid();
            _isLost = true;
            _cluster.Maps.Ask();
            Nag();
        }

        _cluster.Tell(state);
    }
}
