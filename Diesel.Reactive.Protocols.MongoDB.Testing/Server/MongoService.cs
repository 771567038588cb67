using System.Net;
using System.Reactive;
using System.Reactive.Subjects;
using MongoDB.Bson;

namespace Diesel.Reactive.Protocols.MongoDB.Testing;

/// <summary>A server of MongoDB for tests: documents in memory, and answers that the test says.</summary>
/// <remarks>It has what clients need and tests use: queries, updates, indexes that are unique, cursors, pipelines, log-in. What it does not know it refuses with an
/// error, as a server does; it never guesses. It writes nothing to a disk, and is no server to run a program with.</remarks>
public sealed class MongoService : IService
{
    private readonly TcpService _tcp;
    private readonly ServiceState _state;
    private readonly Subject<BsonDocument> _commands = new();

    /// <summary>Makes a service.</summary>
    /// <param name="port">0 to 65535, of this machine alone; 0, the default, lets the system choose, see <see cref="Port"/>.</param>
    /// <param name="options">Who may log in, bounds; null for the defaults.</param>
    /// <param name="hub">Where it runs; null for the hub it is started on.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="port"/> is not a port.</exception>
    public MongoService(int port = 0, MongoServiceOptions? options = null, Hub? hub = null)
        : this(new IPEndPoint(IPAddress.Loopback, port), options, hub)
    {
    }

    /// <summary>Makes a service.</summary>
    /// <param name="endPoint">Where: address and port, say.</param>
    /// <param name="options">Who may log in, bounds; null for the defaults.</param>
    /// <param name="hub">Where it runs; null for the hub it is started on.</param>
    /// <exception cref="ArgumentNullException"><paramref name="endPoint"/> is null.</exception>
    public MongoService(EndPoint endPoint, MongoServiceOptions? options = null, Hub? hub = null)
        : this(endPoint, options ?? new(), hub, new())
    {
    }

    internal MongoService(EndPoint endPoint, MongoServiceOptions options, Hub? hub, ServiceData data)
    {
        ArgumentNullException.ThrowIfNull(endPoint);
        _state = new(options, data);
        _state.Watch();
        _tcp = new TcpService(endPoint, connection => new ServiceSession(connection, _state, _commands).Serve(), options, hub);
    }

    /// <summary>Where it listens, with the port the system chose.</summary>
    /// <exception cref="InvalidOperationException">It has not been started.</exception>
    public EndPoint EndPoint => _tcp.EndPoint;

    /// <summary>The port of its <see cref="EndPoint"/>.</summary>
    /// <exception cref="InvalidOperationException">It has not been started, or its endpoint has no port.</exception>
    public int Port => _tcp.Port;

    /// <summary>The commands that come, with their documents, before they are answered.</summary>
    /// <remarks>Hot, on its hub; completes when it is stopped.</remarks>
    public IObservable<BsonDocument> Commands => _commands;

    /// <summary>How many cursors have more to give.</summary>
    public int OpenCursors => _state.Cursors.Count;

    /// <summary>How many connections there are.</summary>
    public int ConnectionCount => _tcp.ConnectionCount;

    /// <summary>The next command of a name is answered by the test; of several for one name the first comes first.</summary>
    /// <param name="command">Its name: <c>find</c>.</param>
    /// <param name="answer">Makes the reply, on the service's hub, as <c>{ ok: 1 }</c>; null as its result resets the connection.</param>
    /// <exception cref="ArgumentNullException">An argument is null.</exception>
    public void Expect(string command, Func<BsonDocument, BsonDocument?> answer)
    {
        ArgumentNullException.ThrowIfNull(command);
        ArgumentNullException.ThrowIfNull(answer);
        _state.Expect(command, new(answer));
    }

    /// <summary>The next command of a name is carried out, and its connection reset in place of a reply: nobody knows that it was.</summary>
    /// <param name="command">Its name: <c>insert</c>.</param>
    public void Lose(string command) => _state.Expect(command, new(static _ => null, IsCarried: true));

    /// <summary>The next command of a name is not answered.</summary>
    /// <param name="command">Its name: <c>find</c>.</param>
    public void Hold(string command) => _state.Expect(command, new(static _ => null, IsHeld: true));

    /// <summary>From now on it says something else of itself when it is greeted, as <c>{ setName: "rs", secondary: true, ismaster: false }</c>; who waits for that is told at
    /// once. One that says that it is a secondary takes no writes.</summary>
    /// <param name="said">Over what it says otherwise; what was said before does not hold any more.</param>
    /// <exception cref="ArgumentNullException"><paramref name="said"/> is null.</exception>
    /// <remarks>On the service's hub.</remarks>
    public void Say(BsonDocument said)
    {
        ArgumentNullException.ThrowIfNull(said);
        _state.Say(said);
    }

    /// <summary>The next command of a name is refused.</summary>
    /// <param name="command">Its name: <c>find</c>.</param>
    /// <param name="code">The error's number.</param>
    /// <param name="labels">The error's labels, as <c>RetryableWriteError</c>.</param>
    /// <remarks>With an error by which a server says that it is not what it was (not primary, shutting down) it has, as a server has, also said so of itself: who watches it hears of that.</remarks>
    public void Fail(string command, int code, params IReadOnlyList<string> labels) => Expect(command, _ =>
    {
        var isChange = MongoStateChange.IsMeantBy(code);
        if (isChange)
        {
            _state.Say(_state.Said);
        }

        return new BsonDocument
        {
            { "ok", 0 }, { "code", code }, { "codeName", $"Code{code}" }, { "errmsg", $"The test wants error {code}." }, { "errorLabels", new BsonArray(labels), labels.Count > 0 },
            { "topologyVersion", _state.TopologyVersion, isChange },
        };
    });

    /// <inheritdoc/>
    public void Start(Hub? hub = null) => _tcp.Start(hub);

    /// <inheritdoc/>
    public Awaitable<Unit> Stop() => _tcp.Stop();

    /// <summary>Stops it and waits for its end.</summary>
    /// <returns>Done when everything has ended, as <see cref="Stop"/> tells.</returns>
    public async ValueTask DisposeAsync()
    {
        await Stop();
        _commands.OnCompleted();
    }

    /// <summary>Where it listens, as errors show it.</summary>
    public override string ToString() => $"MongoDB over {_tcp}";
}
