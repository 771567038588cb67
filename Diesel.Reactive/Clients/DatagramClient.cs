using System.Net;
using System.Reactive;
using System.Reactive.Linq;

namespace Diesel.Reactive;

/// <summary>Base class of clients of datagram services: methods of the subclass are conversations.</summary>
/// <remarks>As <see cref="Client"/>, over a datagram socket connected to the one peer. A conversation that fails or is
/// given up closes the socket; the next one gets a fresh port, where a late reply to the last cannot arrive. Datagrams that come
/// between calls, and those a call has left unread, are dropped when the next one begins.
/// Idea: diesel's <c>UDPClient</c>.</remarks>
public abstract class DatagramClient : IDisposable
{
    private readonly Conversations<IDatagramSocket> _conversations;
    private readonly UdpOptions? _options;
    private EndPoint _remote;

    /// <summary>Prepares a client; nothing is sent yet.</summary>
    /// <param name="host">A name, or an address in text.</param>
    /// <param name="port">1 to 65535.</param>
    /// <param name="options">Bounds; null for the defaults.</param>
    /// <param name="hub">Where it runs; null for the current hub, or the default one.</param>
    /// <exception cref="ArgumentException"><paramref name="host"/> is empty.</exception>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="port"/> is not a port.</exception>
    protected DatagramClient(string host, int port, UdpOptions? options = null, Hub? hub = null)
        : this(EndPoints.Remote(host, port), options, hub)
    {
    }

    /// <summary>Prepares a client of an endpoint; nothing is sent yet.</summary>
    /// <param name="remote">As <c>Udp.Connect</c> takes it; the name of a <see cref="DnsEndPoint"/> is looked up for each socket.</param>
    /// <param name="options">Bounds; null for the defaults.</param>
    /// <param name="hub">Where it runs; null for the current hub, or the default one.</param>
    /// <exception cref="ArgumentNullException"><paramref name="remote"/> is null.</exception>
    /// <exception cref="ArgumentOutOfRangeException">Its port is 0.</exception>
    /// <exception cref="ArgumentException">It is of another kind.</exception>
    protected DatagramClient(EndPoint remote, UdpOptions? options = null, Hub? hub = null)
    {
        (_remote, _options, Hub) = (Udp.Peer(remote), options, Hub.Of(hub));
        _conversations = new Conversations<IDatagramSocket>(
            Hub, this, ClientOptions.Default.MaxQueuedCalls, Observable.Defer(Dial), IsFit, static _ => null);
    }

    /// <summary>Where it runs.</summary>
    protected Hub Hub { get; }

    /// <summary>From now on its calls go elsewhere.</summary>
    /// <param name="remote">Where to, as <c>Udp.Connect</c> takes it. When it is where they went before, nothing changes; else the conversation
    /// under way comes to its end there, and the next one gets another socket.</param>
    /// <exception cref="ArgumentNullException"><paramref name="remote"/> is null.</exception>
    /// <exception cref="ArgumentOutOfRangeException">Its port is 0.</exception>
    /// <exception cref="ArgumentException">It is of another kind.</exception>
    /// <remarks>Any thread. Calls that wait go along, also one that waits for its address to be found.</remarks>
    public void Retarget(EndPoint remote)
    {
        Udp.Peer(remote);
        Hub.Invoke(() =>
        {
            if (!_remote.Equals(remote))
            {
                _remote = remote;
                _conversations.Retire();
            }
        });
    }

    /// <summary>Closes the socket. Calls that wait get an <see cref="ObjectDisposedException"/>.</summary>
    public void Dispose()
    {
        _conversations.Dispose();
        GC.SuppressFinalize(this);
    }

    /// <summary>The peer, as errors show them.</summary>
    public override string ToString() => $"{GetType().Name} of {EndPoints.Text(_remote)}";

    /// <summary>Queues a sequential conversation with one result.</summary>
    /// <typeparam name="T">The result's type.</typeparam>
    /// <param name="conversation">Has the socket to itself until its task ends.</param>
    /// <returns>Cold: each subscription and each <c>await</c> is one call.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="conversation"/> is null.</exception>
    /// <remarks>Errors: what the conversation throws, <see cref="ConnectionException"/> for a host that is not known.</remarks>
    protected Awaitable<T> Call<T>(Func<IDatagramSocket, Task<T>> conversation)
    {
        ArgumentNullException.ThrowIfNull(conversation);

        // The value is told when the turn has ended well: whoever takes it and leaves does not break the conversation off.
        return new Observed<T>(_conversations.Call(socket => Conversation.Of(Hub, () => conversation(socket))).LastAsync(), $"a call of {this}");
    }

    /// <summary>Queues a conversation that gives its results as a stream.</summary>
    /// <typeparam name="T">The results' type.</typeparam>
    /// <param name="conversation">Has the socket to itself until the stream ends.</param>
    /// <returns>As <see cref="Call{T}(Func{IDatagramSocket, Task{T}})"/>.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="conversation"/> is null.</exception>
    protected IObservable<T> Call<T>(Func<IDatagramSocket, IObservable<T>> conversation)
    {
        ArgumentNullException.ThrowIfNull(conversation);
        return _conversations.Call(socket => Observable.Defer(() => conversation(socket) ?? throw NothingGiven.Observable($"a conversation of {this}")));
    }

    // It may be retargeted while it looks for the address.
    private IObservable<IDatagramSocket> Dial()
    {
        var remote = _remote;
        return Udp.Connect(remote, _options, Hub).Materialize().Take(1).SelectMany(outcome =>
        {
            if (ReferenceEquals(remote, _remote))
            {
                return outcome.Kind == NotificationKind.OnNext ? Observable.Return(outcome.Value) : Observable.Throw<IDatagramSocket>(outcome.Exception!);
            }

            if (outcome.Kind == NotificationKind.OnNext)
            {
                outcome.Value.Dispose();
            }

            return Dial();
        });
    }

    private static bool IsFit(IDatagramSocket socket)
    {
        (socket as DatagramSocket)?.DropUnread();
        return !socket.Closed.IsCancellationRequested;
    }
}
