using System.Net;
using System.Net.Sockets;
using System.Reactive.Concurrency;
using System.Reactive.Disposables;

namespace Diesel.Reactive;

/// <summary>Dials one endpoint after the other until one answers: the next when one fails, or has not answered for a while.
/// The first that connects wins; the others are given up.</summary>
/// <remarks>The endpoints may come while it dials. The families take turns, beginning with that of the first, so that a broken one costs
/// one delay; of those that come one by one IPv6 goes first. From a port that is given, one at a time: the next when one fails.
/// Source: RFC 8305, Happy Eyeballs. On the hub's thread.</remarks>
internal sealed class HappyEyeballs(Hub hub, SocketOptions options, Action<ITransport> connected, Action failed) : IDisposable
{
    // RFC 8305, section 5: the Connection Attempt Delay, 250 ms recommended.
    private static readonly TimeSpan Delay = TimeSpan.FromMilliseconds(250);

    // RFC 8305, section 3: the Resolution Delay, for which an IPv4 address waits for IPv6 ones.
    private static readonly TimeSpan Grace = TimeSpan.FromMilliseconds(50);

    private readonly List<Candidate> _candidates = [];
    private readonly List<EndPoint> _untried = [];

    // One port cannot dial two endpoints at a time.
    private readonly bool _isPortFixed = options.LocalEndPoint is IPEndPoint { Port: > 0 };
    private TimeSpan _lastDial;
    private IDisposable? _delay;
    private bool _areAllKnown;
    private bool _over;

    /// <summary>What it is a part of; null: nobody wants to know.</summary>
    public DialSpan? Span { get; init; }

    /// <summary>Which endpoints were dialled, and what became of them.</summary>
    public IReadOnlyList<DialledEndPoint> Dialled => [.. _candidates.Select(static c => new DialledEndPoint(c.EndPoint, c.Error))];

    private bool HaveAllFailed => _candidates.TrueForAll(static candidate => candidate.Error is not null);

    /// <summary>One more to try.</summary>
    public void Add(EndPoint endPoint)
    {
        if (_over)
        {
            return;
        }

        _untried.Add(endPoint);
        if (_candidates.Count > 0 && HaveAllFailed)
        {
            DialNext();
        }
        else if (_candidates.Count > 0)
        {
            DialNextLater();
        }
        else if (endPoint.AddressFamily == AddressFamily.InterNetwork)
        {
            _delay ??= hub.Schedule(Grace, DialNext);
        }
        else if (_untried.Count == 1)
        {
            DialNext();
        }
        else
        {
            // In the next turn: of a list that comes as a whole the first is the first.
            _delay?.Dispose();
            _delay = hub.Schedule(DialNext);
        }
    }

    /// <summary>There are no more.</summary>
    public void Complete()
    {
        _areAllKnown = true;
        if (!_over && _candidates.Count == 0)
        {
            DialNext();
        }
        else
        {
            EndIfInVain();
        }
    }

    public void Dispose()
    {
        _over = true;
        _delay?.Dispose();
        _candidates.ForEach(static candidate => candidate.Dispose());
    }

    private IObservable<ITransport> Connect(EndPoint endPoint) => hub.Network.Connect(endPoint, options);

    private void DialNext()
    {
        var candidate = new Candidate(this, TakeNext());
        _candidates.Add(candidate);
        _lastDial = hub.Elapsed;
        _delay?.Dispose();
        _delay = null;
        DialNextLater();
        candidate.Dial();
    }

    private void DialNextLater()
    {
        if (_untried.Count > 0 && !_isPortFixed)
        {
            var left = _lastDial + Delay - hub.Elapsed;
            _delay ??= hub.Schedule(left > TimeSpan.Zero ? left : TimeSpan.Zero, DialNext);
        }
    }

    // Before any was tried, IPv6 may have come behind the first.
    private EndPoint TakeNext()
    {
        var at = _candidates.Count > 0
            ? _untried.FindIndex(one => one.AddressFamily != _candidates[^1].EndPoint.AddressFamily)
            : _areAllKnown ? 0 : _untried.FindIndex(static one => one.AddressFamily != AddressFamily.InterNetwork);
        var next = _untried[Math.Max(at, 0)];
        _untried.RemoveAt(Math.Max(at, 0));
        return next;
    }

    private void Win(ITransport transport)
    {
        Dispose();
        connected(transport);
    }

    private void GoOn()
    {
        if (_untried.Count > 0)
        {
            DialNext();
        }
        else
        {
            EndIfInVain();
        }
    }

    private void EndIfInVain()
    {
        if (!_over && _untried.Count == 0 && _areAllKnown && HaveAllFailed)
        {
            Dispose();
            failed();
        }
    }

    private sealed class Candidate(HappyEyeballs race, EndPoint endPoint) : IObserver<ITransport>, IDisposable
    {
        private SingleAssignmentDisposableValue _dialling;

        public EndPoint EndPoint => endPoint;

        public Exception? Error { get; private set; }

        private bool IsOver => race._over || Error is not null;

        public void Dial()
        {
            try
            {
                using var within = DialSpan.Enter(race.Span);
                _dialling.Disposable = race.Connect(endPoint).Subscribe(this);
            }
            catch (Exception error)
            {
                // An endpoint of a kind that this network does not know.
                OnError(error);
            }
        }

        public void OnNext(ITransport transport)
        {
            if (IsOver)
            {
                transport.Abort();
            }
            else if (IsItself(transport))
            {
                transport.Abort();
                OnError(SocketErrors.NobodyThere(endPoint));
            }
            else
            {
                race.Win(transport);
            }
        }

        public void OnError(Exception error)
        {
            if (!IsOver)
            {
                Error = error;
                race.GoOn();
            }
        }

        public void OnCompleted()
        {
        }

        public void Dispose() => _dialling.Dispose();

        // A port that nobody listens at may be the very one the system chooses to dial it from, and TCP then connects the socket
        // to itself. Any address stands for the own ones.
        private static bool IsItself(ITransport transport) =>
            transport is { LocalEndPoint: IPEndPoint local, RemoteEndPoint: IPEndPoint remote }
            && local.Port == remote.Port
            && (local.Address.Equals(remote.Address) || remote.Address.Equals(IPAddress.Any) || remote.Address.Equals(IPAddress.IPv6Any));
    }
}
