using System.Net.Sockets;
using System.Reactive.Disposables;

namespace Diesel.Reactive;

/// <summary>What a listener does when accepting fails (out of descriptors, most likely): those who wait stay in the backlog, and it tries again
/// after a growing pause. After more than a second of that they have waited long enough to be refused.</summary>
/// <remarks>For that it keeps some descriptors while there are any: one to accept with who is to be refused, instead of being left waiting for
/// ever, and the others for whoever in the process needs one to go on. The hub's thread only, once it is made.</remarks>
internal sealed class AcceptRest : IDisposable
{
    // The runtime opens a pipe for a thread it starts, and ends the process when it cannot: two descriptors for each of two threads, and one
    // to refuse with.
    private const int Whole = 5;
    private const int RefusalsAtATime = 64;

    private static readonly TimeSpan First = TimeSpan.FromMilliseconds(10);
    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(1);

    private readonly IHub _hub;
    private readonly IAcceptor _acceptor;
    private readonly Stack<IDisposable> _held = new();
    private TimeSpan _next = First;
    private bool _isOver;

    /// <param name="hub">Where time passes, and errors are told.</param>
    /// <param name="acceptor">Listens already.</param>
    public AcceptRest(IHub hub, IAcceptor acceptor)
    {
        (_hub, _acceptor) = (hub, acceptor);
        TryHold();
    }

    /// <summary>Whether nobody is to be accepted now.</summary>
    public bool IsOn { get; private set; }

    /// <summary>Somebody was accepted.</summary>
    public void Accepted() => _next = First;

    /// <summary>Rests when there are no descriptors for more: looked at before it is too late, as the last one is taken without an
    /// error.</summary>
    public void BeginIfShort()
    {
        if (!IsOn && !_isOver && !_acceptor.HasTwoSpares())
        {
            Begin(SocketError.TooManyOpenSockets);
        }
    }

    /// <summary>Accepting has failed: reports the first error of a row, and rests.</summary>
    public void Begin(SocketError error)
    {
        if (_isOver)
        {
            return;
        }

        var isLong = error == SocketError.TooManyOpenSockets && _next == Longest;
        if (_next == First)
        {
            _hub.Report(SocketErrors.NotAccepted(_acceptor.LocalEndPoint, error), Label.Of(_acceptor));
        }

        IsOn = true;
        _acceptor.RestChanged();
        _hub.Schedule(this, _next, static (_, rest) =>
        {
            rest.End();
            return Disposable.Empty;
        });
        _next = _next * 2 < Longest ? _next * 2 : Longest;
        GiveBack();
        if (isLong)
        {
            Refuse();
        }
    }

    /// <summary>The listener closes: nothing is held back any more, and it rests no more.</summary>
    public void Dispose()
    {
        _isOver = true;
        while (_held.TryPop(out var one))
        {
            one.Dispose();
        }
    }

    private void End()
    {
        if (_isOver)
        {
            return;
        }

        IsOn = false;
        if (TryHold())
        {
            _acceptor.RestChanged();
        }
        else
        {
            Begin(SocketError.TooManyOpenSockets);
        }
    }

    // What is missing. In part is not enough, and neither is the last of all: then there are none to accept with either.
    private bool TryHold()
    {
        while (_held.Count < Whole && _acceptor.OpenSpare() is { } one)
        {
            _held.Push(one);
        }

        if (_held.Count == Whole && _acceptor.HasTwoSpares())
        {
            return true;
        }

        GiveBack();
        return false;
    }

    // The process has run out: all but one go back to it.
    private void GiveBack()
    {
        while (_held.Count > 1)
        {
            _held.Pop().Dispose();
        }
    }

    // With the last one.
    private void Refuse()
    {
        if (_held.TryPop(out var last))
        {
            last.Dispose();
        }

        for (var i = 0; i < RefusalsAtATime && _acceptor.RefuseOne(); i++)
        {
        }

        if (_acceptor.OpenSpare() is { } one)
        {
            _held.Push(one);
        }
    }
}
