using System.Reactive.Disposables;
using System.Net;
using System.Net.Sockets;

namespace Diesel.Reactive;

/// <summary>What a listener does when accepting fails (out of descriptors, most likely): those who wait stay in the backlog,
/// and it tries again after a growing pause. After some two seconds of that they have waited long enough to be refused.</summary>
internal sealed class AcceptPause(IHub hub, EndPoint endPoint)
{
    private static readonly TimeSpan First = TimeSpan.FromMilliseconds(10);
    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(1);

    private TimeSpan _next = First;

    /// <summary>Accepting works again.</summary>
    public void Reset() => _next = First;

    /// <summary>Whether there have been no descriptors for so long that who waits had better be told.</summary>
    public bool IsLong(SocketError error) => error == SocketError.TooManyOpenSockets && _next == Longest;

    /// <summary>Reports the first error of a row, and goes on after the pause.</summary>
    public void After(SocketError error, Action<object?> goOn, object listener)
    {
        if (_next == First)
        {
            hub.Report(SocketErrors.NotAccepted(endPoint, error), Label.Of(listener));
        }

        hub.Schedule((goOn, listener), _next, static (_, next) =>
        {
            next.goOn(next.listener);
            return Disposable.Empty;
        });
        _next = _next * 2 < Longest ? _next * 2 : Longest;
    }
}
