using System.Net;
using System.Reactive.Concurrency;
using System.Reactive.Disposables;

namespace Diesel.Reactive;

/// <summary>Dials one endpoint after the other until one answers: the next when one fails, or has not answered for a while.
/// The first that connects wins; the others are given up.</summary>
/// <remarks>From a port that is given, one at a time: the next when one fails. Source: RFC 8305, Happy Eyeballs. On the hub's thread.</remarks>
internal sealed class HappyEyeballs(Hub hub, IReadOnlyList<EndPoint> endPoints, SocketOptions options, Action<ITransport> connected, Action failed)
    : IDisposable
{
    // RFC 8305, section 5: the Connection Attempt Delay, 250 ms recommended.
    private static readonly TimeSpan Delay = TimeSpan.FromMilliseconds(250);

    private readonly List<Candidate> _candidates = [];

    // One port cannot dial two endpoints at a time.
    private readonly bool _isPortFixed = options.LocalEndPoint is IPEndPoint { Port: > 0 };
    private IDisposable? _delay;
    private bool _over;

    /// <summary>Which endpoints were dialled, and what became of them.</summary>
    public IReadOnlyList<DialledEndPoint> Dialled => [.. _candidates.Select(static c => new DialledEndPoint(c.EndPoint, c.Error))];

    public void DialNext()
    {
        var candidate = new Candidate(this, endPoints[_candidates.Count]);
        _candidates.Add(candidate);
        _delay?.Dispose();
        _delay = _candidates.Count < endPoints.Count && !_isPortFixed ? hub.Schedule(Delay, DialNext) : null;
        candidate.Dial();
    }

    public void Dispose()
    {
        _over = true;
        _delay?.Dispose();
        _candidates.ForEach(static candidate => candidate.Dispose());
    }

    private IObservable<ITransport> Connect(EndPoint endPoint) => hub.Network.Connect(endPoint, options);

    private void Win(ITransport transport)
    {
        Dispose();
        connected(transport);
    }

    private void GoOn()
    {
        if (_candidates.Count < endPoints.Count)
        {
            DialNext();
        }
        else if (_candidates.TrueForAll(static candidate => candidate.Error is not null))
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
