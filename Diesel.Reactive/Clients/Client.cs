using System.Net;
using System.Reactive;
using System.Reactive.Linq;

namespace Diesel.Reactive;

/// <summary>Base class of clients of TCP services: methods of the subclass are conversations.</summary>
/// <remarks>
/// It connects when the first call needs it, and again when a call finds the connection gone. Conversations run one at a
/// time, in the order of their calls, so that two callers never mix their replies. A conversation that fails, or that its
/// caller gives up, leaves the connection in an unknown state: the connection is closed, and the next call gets a new one.
/// So does one that leaves bytes unread, and a server that sends some between calls (<see cref="ClientOptions.Tolerates"/> knows
/// exceptions): they are nobody's answer.
/// Source: diesel's <c>Client</c> and <c>@call</c>; that calls are queued is diesel 0.9's, which diesel 3 lost.
/// </remarks>
public abstract class Client : IDisposable
{
    private readonly Conversations<Connection> _conversations;
    private readonly EndPoint _remote;

    /// <summary>Prepares a client; nothing is dialled yet.</summary>
    /// <param name="host">A name, or an address in text.</param>
    /// <param name="port">1 to 65535.</param>
    /// <param name="options">Timeouts and bounds; null for the defaults.</param>
    /// <param name="hub">Where it runs; null for the current hub, or the default one.</param>
    /// <exception cref="ArgumentException"><paramref name="host"/> is empty.</exception>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="port"/> is not a port.</exception>
    protected Client(string host, int port, ClientOptions? options = null, Hub? hub = null)
        : this(EndPoints.Remote(host, port), options, hub)
    {
    }

    /// <summary>Prepares a client of an endpoint; nothing is dialled yet.</summary>
    /// <param name="remote">As <c>Tcp.Connect</c> takes it; the name of a <see cref="DnsEndPoint"/> is looked up for each connection.</param>
    /// <param name="options">Timeouts and bounds; null for the defaults.</param>
    /// <param name="hub">Where it runs; null for the current hub, or the default one.</param>
    /// <exception cref="ArgumentNullException"><paramref name="remote"/> is null.</exception>
    /// <exception cref="ArgumentOutOfRangeException">Its port is 0.</exception>
    protected Client(EndPoint remote, ClientOptions? options = null, Hub? hub = null)
    {
        options ??= ClientOptions.Default;
        (_remote, Hub) = (remote, Hub.Of(hub));
        var watch = new ConnectionWatch(options.Tolerates);
        _conversations = new Conversations<Connection>(
            Hub, this, options.MaxQueuedCalls, Tcp.Connect(remote, options, Hub), watch.IsFit, watch.Begin);
    }

    /// <summary>Where it runs.</summary>
    protected Hub Hub { get; }

    /// <summary>Connects now, to learn whether it works, instead of at the first call.</summary>
    /// <returns>Cold: one <see cref="Unit"/> when there is a connection.</returns>
    /// <remarks>Errors: <see cref="ConnectionException"/>, <see cref="TimeoutException"/>.</remarks>
    public Awaitable<Unit> Connect() => Call(static _ => Task.FromResult(Unit.Default));

    /// <summary>Closes the connection gracefully. Calls that wait get an <see cref="ObjectDisposedException"/>.</summary>
    public void Dispose()
    {
        _conversations.Dispose();
        GC.SuppressFinalize(this);
    }

    /// <summary>The peer, as errors show them.</summary>
    public override string ToString() => $"{GetType().Name} of {EndPoints.Text(_remote)}";

    /// <summary>Queues a sequential conversation with one result.</summary>
    /// <typeparam name="T">The result's type.</typeparam>
    /// <param name="conversation">Has the connection to itself until its task ends.</param>
    /// <returns>Cold: each subscription and each <c>await</c> is one call. Unsubscribing before its turn takes it out of
    /// the queue; during its turn it ends the conversation and closes the connection.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="conversation"/> is null.</exception>
    /// <remarks>Errors: what the conversation throws, <see cref="ConnectionException"/>, <see cref="TimeoutException"/>,
    /// <see cref="InvalidOperationException"/> when too many calls wait.</remarks>
    protected Awaitable<T> Call<T>(Func<Connection, Task<T>> conversation)
    {
        ArgumentNullException.ThrowIfNull(conversation);

        // The value is told when the turn has ended well: whoever takes it and leaves does not break the conversation off.
        return new Observed<T>(_conversations.Call(connection => Conversation.Of(Hub, () => conversation(connection))).LastAsync(), $"a call of {this}");
    }

    /// <summary>Queues a conversation that gives its results as a stream.</summary>
    /// <typeparam name="T">The results' type.</typeparam>
    /// <param name="conversation">Has the connection to itself until the stream ends.</param>
    /// <returns>As <see cref="Call{T}(Func{Connection, Task{T}})"/>.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="conversation"/> is null.</exception>
    protected IObservable<T> Call<T>(Func<Connection, IObservable<T>> conversation)
    {
        ArgumentNullException.ThrowIfNull(conversation);
        return _conversations.Call(connection => Observable.Defer(() => conversation(connection) ?? throw NothingGiven.Observable($"a conversation of {this}")));
    }
}
