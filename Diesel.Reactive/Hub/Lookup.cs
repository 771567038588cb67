using System.Net;
using System.Net.Sockets;
using System.Reactive.Disposables;

namespace Diesel.Reactive;

/// <summary>Finds the endpoints of a destination by the hub's resolver: each once, as it comes, on the hub.</summary>
/// <param name="hub">Where they are told.</param>
/// <param name="destination">Whose they are.</param>
/// <param name="found">Is told of each.</param>
/// <param name="ended">Is told once that there are no more; with an error when there was none.</param>
internal sealed class Lookup(Hub hub, Destination destination, Action<EndPoint> found, Action<Exception?> ended) : IObserver<ResolvedAddress>, IDisposable
{
    // More than anybody has patience to dial: a resolver need not be honest.
    private const int Most = 64;

    private readonly List<IPAddress> _known = [];
    private SingleAssignmentDisposableValue _asking;
    private int _onTheWay;
    private bool _isOver;

    /// <summary>The shortest time to live of those that were told; null: none is known.</summary>
    public TimeSpan? Shortest { get; private set; }

    /// <summary>On the hub.</summary>
    public void Begin()
    {
        if (destination.Known is { } endPoint)
        {
            _isOver = true;
            found(endPoint);
            ended(null);
            return;
        }

        try
        {
            var names = hub.Names();
            _asking.Disposable = (names.Resolve(destination.Host) ?? throw NothingGiven.Observable(names)).Subscribe(this);
        }
        catch (Exception error)
        {
            OnError(error);
        }
    }

    public void OnNext(ResolvedAddress value) => Bring(() => Find(value.Address, value.TimeToLive));

    public void OnError(Exception error) => Bring(() => End(error));

    public void OnCompleted() => Bring(() => End(null));

    public void Dispose()
    {
        _isOver = true;
        _asking.Dispose();
    }

    // A resolver may tell on any thread; what is behind something on its way is so, too.
    private void Bring(Action telling)
    {
        if (hub.IsCurrent && Volatile.Read(ref _onTheWay) == 0)
        {
            telling();
            return;
        }

        Interlocked.Increment(ref _onTheWay);
        hub.Post(_ =>
        {
            Interlocked.Decrement(ref _onTheWay);
            telling();
        });
    }

    private void Find(IPAddress? address, TimeSpan? alive)
    {
        if (address is null)
        {
            End(new InvalidOperationException($"{hub.Names()} gave an address of '{destination.Host}' that is null."));
        }
        else if (!_isOver && !_known.Contains(address))
        {
            _known.Add(address);
            Shortest = alive < Shortest || Shortest is null ? alive : Shortest;
            found(destination.At(address));
            if (_known.Count == Most)
            {
                End(null);
            }
        }
    }

    private void End(Exception? error)
    {
        if (!_isOver)
        {
            Dispose();
            ended(_known.Count > 0 ? null : error ?? ConnectionException.NotFound(destination.Host, SocketError.NoData));
        }
    }
}
