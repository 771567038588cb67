using System.Net;
using System.Reactive;

namespace Diesel.Reactive.Protocols.MongoDB;

/// <summary>Asks a server how it is, again and again, on a connection of its own; where the server can, it says by itself when something has changed.</summary>
/// <remarks>The hub's thread only. Source: the driver specifications' <c>server-monitoring</c>.</remarks>
internal sealed class MongoMonitor : IDisposable
{
    /// <summary>Nobody is asked more often.</summary>
    public static readonly TimeSpan LeastInterval = TimeSpan.FromMilliseconds(500);

    private readonly EndPoint _server;
    private readonly MongoOptions _options;
    private readonly MongoTopologyOptions _topology;
    private readonly IMonitored _monitored;
    private readonly Hub _hub;
    private readonly RoundTrips _trips = new();
    private readonly Deadline _due;
    private AwaitableSource<Unit>? _pause;
    private MonitorLink? _link;
    private Loop? _loop;
    private Loop? _meter;
    private long _asked;
    private bool _isWanted;
    private bool _isBrokenOff;

    public MongoMonitor(EndPoint server, MongoOptions options, MongoTopologyOptions topology, IMonitored monitored, Hub hub)
    {
        (_server, _options, _topology, _monitored, _hub) = (server, options, topology, monitored, hub);
        _due = new Deadline(hub, static monitor => ((MongoMonitor)monitor!).GoOn(), this);
    }

    public void Begin() => _loop = _hub.Fork(Run, $"the monitor of {this}");

    /// <summary>Asks soon: somebody waits for a server.</summary>
    public void Want()
    {
        _isWanted = true;
        if (_pause is not null)
        {
            _due.Reset(UntilNext());
        }
    }

    /// <summary>The server is not what it was: what is being asked now is asked anew.</summary>
    public void BreakOff()
    {
        _isWanted = true;
        if (_pause is null)
        {
            _isBrokenOff = _link is not null;
            Drop();
        }
        else
        {
            Drop();
            _due.Reset(UntilNext());
        }
    }

    public void Dispose()
    {
        _loop?.Dispose();
        _due.Cancel();
        Drop();
    }

    public override string ToString() => MongoEndPoint.Shown(_server);

    private async Task Run()
    {
        var isKnown = false;
        while (true)
        {
            var said = await Check();
            var isLost = said is { Kind: MongoServerKind.Unknown, Error: not MongoErrorException };
            if (!_isBrokenOff)
            {
                _monitored.Said(said);
            }

            // A server that was well a moment ago is asked once more at once: a connection ends for many reasons.
            var goesOn = _isBrokenOff ? false : isLost ? isKnown : IsStreaming(said);
            isKnown = said.Kind != MongoServerKind.Unknown;
            _isBrokenOff = false;
            if (!goesOn)
            {
                await Pause();
            }
        }
    }

    private bool IsStreaming(MongoServerDescription said) => _topology.Monitoring != MongoMonitoring.Poll && said.Version is not null && _link is not null;

    private async Task<MongoServerDescription> Check()
    {
        var began = _hub.TimeProvider.GetTimestamp();
        (_asked, _isWanted) = (began, false);
        try
        {
            await (_link is null ? Open() : Ask(_link));
            var said = MongoServerDescription.Of(_server, _link!.Said);
            _monitored.Heartbeat(_server, _hub.TimeProvider.GetElapsedTime(began), null);
            return said with { RoundTrip = _trips.Average, LeastRoundTrip = _trips.Least, At = _hub.TimeProvider.GetElapsedTime(0) };
        }
        catch (Exception error) when (error is not OperationCanceledException)
        {
            Drop();
            _trips.Clear();
            if (!_isBrokenOff)
            {
                _monitored.Heartbeat(_server, _hub.TimeProvider.GetElapsedTime(began), error);
            }

            return MongoServerDescription.Lost(_server, error);
        }
    }

    private async Task Open()
    {
        _link = await MonitorLink.Open(_server, _options, opened => _link = opened, _hub);
        _trips.Add(_link.Took);
    }

    private async Task Ask(MonitorLink link)
    {
        if (_topology.Monitoring != MongoMonitoring.Poll && TopologyVersion.Of(link.Said) is { } known)
        {
            // An answer that is held back tells nothing of the way: that is measured beside it.
            _meter ??= _hub.Fork(Measure, $"the way to {this}");
            await link.Wait(known, _topology.HeartbeatInterval, _options.ConnectTimeout);
        }
        else
        {
            await link.Ask(_options.ConnectTimeout);
            _trips.Add(link.Took);
        }
    }

    private async Task Measure()
    {
        MonitorLink? link = null;
        try
        {
            link = await MonitorLink.Open(_server, _options, opened => link = opened, _hub);
            while (true)
            {
                await _hub.Sleep(_topology.HeartbeatInterval);
                await link.Ask(_options.ConnectTimeout);
                _trips.Add(link.Took);
            }
        }
        catch (Exception error) when (error is not OperationCanceledException)
        {
            // The monitor hears of it by itself, and then measures anew.
            await _hub.Sleep(_topology.HeartbeatInterval);
            _meter = null;
        }
        finally
        {
            link?.Dispose();
        }
    }

    private Awaitable<Unit> Pause()
    {
        _pause = new AwaitableSource<Unit>($"the next question to {this}");
        _due.Reset(_isWanted || _monitored.IsWanted ? UntilNext() : _topology.HeartbeatInterval);
        return _pause;
    }

    private void GoOn()
    {
        var pause = _pause;
        _pause = null;
        pause?.TrySetResult(Unit.Default);
    }

    private TimeSpan UntilNext() => LeastInterval - _hub.TimeProvider.GetElapsedTime(_asked) is { Ticks: > 0 } left ? left : TimeSpan.Zero;

    private void Drop()
    {
        _link?.Dispose();
        _link = null;
        _meter?.Dispose();
        _meter = null;
    }
}

/// <summary>Who has a monitor.</summary>
internal interface IMonitored
{
    /// <summary>Whether somebody waits for a server.</summary>
    bool IsWanted { get; }

    /// <summary>Takes what a server said, or that it did not.</summary>
    void Said(MongoServerDescription said);

    /// <summary>Takes that a server was asked.</summary>
    void Heartbeat(EndPoint server, TimeSpan took, Exception? error);
}
