using System.Net;
using System.Reactive;
using System.Reactive.Linq;

namespace Diesel.Reactive;

/// <summary>Base class of clients of TCP services: methods of the subclass are conversations.</summary>
/// <remarks>
/// It connects when the first call needs it, and again when a call finds the connection gone; how often, and how long calls wait for that,
/// <see cref="ClientOptions.Reconnect"/> says. Conversations run one at a time, in the order of their calls, so that two callers never mix
/// their replies. A conversation that fails, or that its caller gives up, leaves the connection in an unknown state: the connection is
/// closed, and the next call gets a new one. So does one that leaves bytes unread, and a server that sends some between calls
/// (<see cref="ClientOptions.Tolerates"/> knows exceptions): they are nobody's answer.
/// Idea: diesel's <c>Client</c> and <c>@call</c>; that calls are queued is diesel 0.9's, which diesel 3 lost.
/// </remarks>
public abstract class Client : IDisposable
{
    private readonly Conversations<Connection> _conversations;
    private readonly ReconnectRun<Connection> _link;
    private EndPoint[] _remotes;

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
        : this([remote], options, hub)
    {
    }

    /// <summary>Prepares a client of several endpoints that are all the same to it; nothing is dialled yet.</summary>
    /// <param name="remotes">At least one. It has a connection to one at a time: to the next, when one fails.</param>
    /// <param name="options">Timeouts and bounds; null for the defaults.</param>
    /// <param name="hub">Where it runs; null for the current hub, or the default one.</param>
    /// <exception cref="ArgumentNullException"><paramref name="remotes"/> or one of them is null.</exception>
    /// <exception cref="ArgumentException">There is none.</exception>
    /// <exception cref="ArgumentOutOfRangeException">The port of one is 0.</exception>
    protected Client(IReadOnlyList<EndPoint> remotes, ClientOptions? options = null, Hub? hub = null)
    {
        options = options.Or(ClientOptions.Default);
        (_remotes, Hub) = (EndPoints.Several(remotes), Hub.Of(hub));
        var watch = new ConnectionWatch(options.Tolerates);
        _link = new ReconnectRun<Connection>(Hub, _remotes, Prepared, Over, options.Reconnect ?? ReconnectOptions.OncePerCall, options)
        {
            WasIdle = _ => !_conversations!.IsBusy,
            Drain = connection => _conversations!.Retire(connection),
            Became = connection => _conversations!.Adopt(connection),
        };
        _conversations = new Conversations<Connection>(Hub, this, options.MaxQueuedCalls, _link.Ready, watch.IsFit, watch.Begin, _link.Renew);
        _link.Begin();
    }

    /// <summary>How it stands with the connection: the present state first, then each change. Completes when the client is disposed.</summary>
    /// <remarks>Hot. An observer that throws is reported in <see cref="Hub.Errors"/>, and gets no more.</remarks>
    public IObservable<ClientState> State => _link.State;

    /// <summary>Where it runs.</summary>
    protected Hub Hub { get; }

    /// <summary>Connects now, to learn whether it works, instead of at the first call.</summary>
    /// <returns>Cold: one <see cref="Unit"/> when there is a connection.</returns>
    /// <remarks>Errors: <see cref="ConnectionException"/>, <see cref="TimeoutException"/>.</remarks>
    public Awaitable<Unit> Connect() => Call(static _ => Task.FromResult(Unit.Default));

    /// <summary>From now on its calls go elsewhere.</summary>
    /// <param name="remotes">Where to; at least one. A connection to one of these stays; on any other the conversation under way comes to its
    /// end, and then it is closed.</param>
    /// <exception cref="ArgumentNullException"><paramref name="remotes"/> or one of them is null.</exception>
    /// <exception cref="ArgumentException">There is none.</exception>
    /// <exception cref="ArgumentOutOfRangeException">The port of one is 0.</exception>
    /// <remarks>Any thread. Calls that wait go along.</remarks>
    public void Retarget(params IReadOnlyList<EndPoint> remotes)
    {
        var all = EndPoints.Several(remotes);
        Hub.Invoke(() =>
        {
            _remotes = all;
            _link.Retarget(all);
        });
    }

    /// <summary>Closes the connection gracefully. Calls that wait get an <see cref="ObjectDisposedException"/>.</summary>
    public void Dispose()
    {
        _conversations.Dispose();
        Hub.Invoke(static link => ((ReconnectRun<Connection>)link!).Dispose(), _link);
        GC.SuppressFinalize(this);
    }

    /// <summary>The peer, as errors show them.</summary>
    public override string ToString() => $"{GetType().Name} of {string.Join(", ", _remotes.Select(EndPoints.Text))}";

    /// <summary>Makes a fresh connection ready, before any call gets it: logs in, selects, subscribes. Default: nothing is to be done.</summary>
    /// <param name="connection">Open; it is closed when this fails.</param>
    /// <returns>Ends when it is ready; within <see cref="TcpConnectOptions.ConnectTimeout"/>, which is for looking up, dialling and this
    /// altogether.</returns>
    /// <remarks>Runs on the hub. What it throws fails the attempt: those who wait are told, or it is made again, as
    /// <see cref="ClientOptions.Reconnect"/> says.</remarks>
    protected virtual Task Prepare(Connection connection) => Task.CompletedTask;

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

    private static IObservable<Unit> Over(Connection connection) =>
        Observable.Create<Unit>(observer => connection.Closed.Register(() => observer.OnError(WhyOver(connection))));

    // Between two calls the end of the server's side closes this one: not that, but what it followed from is the reason.
    private static Exception WhyOver(Connection connection) => connection.Life.WhyOver switch
    {
        ObjectDisposedException when connection.Life.HasPeerEnded => new ConnectionException($"{connection} was ended by the server.", connection.RemoteEndPoint),
        { } reason => reason,
        null => new ConnectionException($"{connection} is over.", connection.RemoteEndPoint),
    };

    private Task<Connection> Prepared(Connection connection)
    {
        var preparing = Prepare(connection) ?? throw NothingGiven.Task($"{nameof(Prepare)} of {this}");
        return preparing.IsCompletedSuccessfully ? Task.FromResult(connection) : Then();

        async Task<Connection> Then()
        {
            await preparing;
            return connection;
        }
    }
}
