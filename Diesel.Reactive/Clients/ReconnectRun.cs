using System.Net;
using System.Reactive;
using System.Reactive.Disposables;

namespace Diesel.Reactive;

/// <summary>The life of a <see cref="Reconnecting{T}"/>. The hub's thread only.</summary>
internal sealed class ReconnectRun<T> : IObserver<T>, IHubWait
    where T : class
{
    private readonly Hub _hub;
    private readonly Func<Connection, Task<T>> _prepare;
    private readonly Func<T, IObservable<Unit>> _ended;
    private readonly ReconnectOptions _options;
    private readonly TcpConnectOptions _connect;
    private readonly BackoffRun _backoff;
    private EndPoint[] _endPoints;
    private EndPoint _currentAt;
    private int _at;
    private int _failures;
    private ReconnectAttempt<T>? _attempt;
    private IDisposable? _pause;
    private SingleAssignmentDisposable? _watch;
    private TimeSpan _notBefore;
    private TimeSpan _since;
    private Exception? _lastFailure;
    private bool _isOver;

    public ReconnectRun(
        Hub hub, EndPoint[] endPoints, Func<Connection, Task<T>> prepare, Func<T, IObservable<Unit>> ended, ReconnectOptions options, TcpConnectOptions connect)
    {
        (_hub, _endPoints, _prepare, _ended, _options, _connect) = (hub, endPoints, prepare, ended, options, connect);
        (_backoff, _currentAt) = (new BackoffRun(options.Backoff, hub), endPoints[0]);
        State = new Latest<ClientState>(hub, new ClientState(ClientPhase.Disconnected, endPoints[0]), this);
        Ready = new ReconnectWait<T>(this, hub, options.MaxWait);
    }

    public Latest<ClientState> State { get; }

    public Awaitable<T> Ready { get; }

    /// <summary>What is ready; null: nothing. Any thread.</summary>
    public T? Current { get; private set; }

    /// <summary>Whether nobody was harmed by the end of one; null: an end is harm.</summary>
    public Func<T, bool>? WasIdle { get; init; }

    /// <summary>Lets one go that calls may still be under way on.</summary>
    public Action<T> Drain { get; init; } = static one => (one as IDisposable)?.Dispose();

    /// <summary>Is told of each that becomes ready.</summary>
    public Action<T>? Became { get; init; }

    public WaitLine<T> Line { get; } = new();

    private bool IsNeeded => !_isOver && !_hub.IsDisposed && (!Line.IsEmpty || _options.KeepConnected);

    private EndPoint Next => _endPoints[_at];

    private DateTimeOffset? NextAttempt => _notBefore > _hub.Elapsed ? _hub.Now + (_notBefore - _hub.Elapsed) : null;

    /// <summary>One that is to be kept connected connects now. Any thread.</summary>
    public void Begin()
    {
        if (_options.KeepConnected)
        {
            WakeLater();
        }
    }

    /// <summary>Connects, when that is needed and due.</summary>
    public void Wake()
    {
        if (!IsNeeded || Current is not null || _attempt is not null || _pause is not null)
        {
            return;
        }

        var wait = _notBefore - _hub.Elapsed;
        if (wait > TimeSpan.Zero)
        {
            _pause = _hub.StartTimer(wait, static run => ((ReconnectRun<T>)run!).GoOn(), this);
            return;
        }

        _attempt = new ReconnectAttempt<T>(_hub, Next, _connect, _prepare, Preparing, this);
        var attempt = _attempt;
        Tell(ClientPhase.Connecting, Next);
        if (_attempt == attempt)
        {
            attempt.Begin();
        }
    }

    /// <summary>From now on these.</summary>
    public void Retarget(EndPoint[] endPoints)
    {
        if (_isOver)
        {
            return;
        }

        (_endPoints, _at, _failures, _notBefore, _lastFailure) = (endPoints, 0, 0, TimeSpan.Zero, null);
        _backoff.Reset();
        StopPause();
        if (_attempt is { } attempt && !endPoints.Contains(attempt.To))
        {
            _attempt = null;
            attempt.Dispose();
        }

        if (Current is { } old && !endPoints.Contains(_currentAt))
        {
            Release(old);
            Tell(ClientPhase.Disconnected, Next);
        }

        Wake();
    }

    /// <summary>One is no good any more, by nobody's fault; whoever says so closes it.</summary>
    public void Renew(T value)
    {
        if (Current == value)
        {
            Forget();
            Tell(ClientPhase.Disconnected, _currentAt);
            Wake();
        }
    }

    public void Dispose()
    {
        if (_isOver)
        {
            return;
        }

        _isOver = true;
        StopPause();
        _attempt?.Dispose();
        _attempt = null;
        if (Current is { } last)
        {
            Release(last);
        }

        Tell(ClientPhase.Disconnected, Next);
        State.Complete();
        Line.EndAll(Disposed());
    }

    public void HubEnded(ObjectDisposedException error) => Dispose();

    public void OnNext(T value)
    {
        var to = _attempt!.To;
        (_attempt, Current, _currentAt, _since, _lastFailure) = (null, value, to, _hub.Elapsed, null);
        Tell(ClientPhase.Ready, to);
        if (Current == value)
        {
            Watch(value);
        }

        if (Current == value)
        {
            Became?.Invoke(value);
            Line.DeliverAll(value);
        }
    }

    public void OnError(Exception error)
    {
        var to = _attempt!.To;
        (_attempt, _lastFailure) = (null, error);
        var isRoundOver = Penalise();
        Tell(ClientPhase.Disconnected, to, error, NextAttempt);
        if (IsFinal(error) || (isRoundOver && _options.MaxWait == TimeSpan.Zero))
        {
            Line.EndAll(error);
        }

        WakeLater();
    }

    public void OnCompleted()
    {
    }

    public override string ToString() => $"a client of {string.Join(", ", _endPoints.Select(EndPoints.Text))}";

    private void GoOn()
    {
        _pause = null;
        Wake();
    }

    private void StopPause()
    {
        _pause?.Dispose();
        _pause = null;
    }

    private void Preparing() => Tell(ClientPhase.Preparing, _attempt!.To);

    private void Watch(T value)
    {
        var watch = new SingleAssignmentDisposable();
        _watch = watch;
        try
        {
            watch.Disposable = (_ended(value) ?? throw NothingGiven.Observable($"what watches {this}"))
                .Subscribe(_ => Lost(value, null), error => Lost(value, error), () => Lost(value, null));
        }
        catch (Exception error)
        {
            _hub.Report(error, ToString());
            Lost(value, error);
        }
    }

    private void Lost(T value, Exception? reason) => _hub.Invoke(() =>
    {
        if (Current != value)
        {
            return;
        }

        var (at, lived) = (_currentAt, _hub.Elapsed - _since);
        var isHarmless = reason is null || WasIdle?.Invoke(value) == true;
        Release(value);
        _lastFailure = reason;
        if (_backoff.WasWell(lived))
        {
            _failures = 0;
        }
        else if (!isHarmless || _options.KeepConnected)
        {
            Penalise();
        }

        Tell(ClientPhase.Disconnected, at, reason, NextAttempt);
        WakeLater();
    });

    // Many that fail at once do not nest.
    private void WakeLater() => _hub.Post(static run => ((ReconnectRun<T>)run!).Wake(), this);

    private void Release(T value)
    {
        Forget();
        UserCode.Run(_hub, this, () => Drain(value));
    }

    private void Forget()
    {
        Current = null;
        _watch?.Dispose();
        _watch = null;
    }

    // Of several endpoints each has its chance before anybody waits. What was ready for a moment has failed, too.
    private bool Penalise()
    {
        _at = (_at + 1) % _endPoints.Length;
        _failures++;
        if (_failures < _endPoints.Length)
        {
            return false;
        }

        _failures = 0;
        _notBefore = _options.Pauses ? _hub.Elapsed + _backoff.Next() : TimeSpan.Zero;
        return true;
    }

    private bool IsFinal(Exception error)
    {
        var isFinal = false;
        UserCode.Run(_hub, this, () => isFinal = _options.IsFinal?.Invoke(error) == true);
        return isFinal;
    }

    private void Tell(ClientPhase phase, EndPoint endPoint, Exception? reason = null, DateTimeOffset? next = null) =>
        State.Tell(new ClientState(phase, endPoint, phase is ClientPhase.Connecting or ClientPhase.Preparing ? _lastFailure : reason, next));

    /// <summary>What one is told who waits when it is over.</summary>
    public ObjectDisposedException? Disposed() => _isOver ? new(ToString(), $"It was disposed: {this} connects no more.") : null;

    /// <summary>Why one more may not wait.</summary>
    public Exception? Refusal() =>
        Line.Count >= _options.MaxWaiting ? new InvalidOperationException(
            $"{Line.Count} already wait for {this} to connect. Raise {nameof(ReconnectOptions.MaxWaiting)}, or let them wait less: {State.Value}.")
        : _options.MaxWait == TimeSpan.Zero && _notBefore > _hub.Elapsed ? _lastFailure
        : null;

    /// <summary>What one is told who has waited for so long.</summary>
    public Exception Late(TimeSpan limit) => _lastFailure ?? new TimeoutException($"There was no connection within {limit}: {State.Value}.");
}
