using System.IO.Pipelines;
using System.Net;

namespace Diesel.Reactive.Testing;

/// <summary>One peer of one connection, which follows diagrams in virtual time; made by <c>t.Duplex</c>.</summary>
/// <remarks>
/// <para>The code under test has its end as <see cref="Connection"/>, <see cref="Stream"/> or <see cref="Pipe"/>, connected since
/// the peer was made; or it dials, on a hub of the test's, where the peer is <see cref="At"/>; or it listens there and the peer
/// <see cref="Dials"/>. The instant of the connection is the zero of the peer's rows.</para>
/// <para>What the code sends in answer to a chunk at a frame is sent at that frame, unless the window is closed. It is compared when
/// the test ends: what is sent at one instant counts as one chunk.</para>
/// </remarks>
public sealed class MarbleDuplex : IDuplexPeer, IExpectation, IMarbleSource
{
    private readonly MarbleRun _run;
    private readonly DuplexScript _script;
    private readonly MarblePlace _place;
    private readonly DuplexEnd _end;
    private readonly TimeSpan _made;
    private string _rxName;
    private string _txName;
    private bool _anyTime;
    private object? _face;

    internal MarbleDuplex(MarbleRun run, DuplexScript script, MarblePlace place)
    {
        (_run, _script, _place) = (run, script, place);
        (_rxName, _txName) = (run.NameSource("rx"), run.NameSource("tx"));
        _end = new(run, script.Rx, script.Window);
        _made = _end.Now;
        run.Sources.Add(this);
        if (script.Tx is null)
        {
            run.Records();
        }
        else
        {
            run.Expect(this);
        }
    }

    /// <summary>The code's end, on the test's hub.</summary>
    /// <exception cref="InvalidOperationException">The end was taken in another way.</exception>
    public Connection Connection => Take(() => Tcp.Over(new DuplexTransport(Begin(), Hub), null, Hub));

    /// <summary>The code's end.</summary>
    /// <exception cref="InvalidOperationException">The end was taken in another way.</exception>
    /// <remarks>A read gives one chunk, or the part of it that fits; 0 at the FIN; a <see cref="ConnectionException"/>, which is
    /// an <see cref="IOException"/> with a <see cref="System.Net.Sockets.SocketException"/> inside, after a reset. A write waits
    /// while the window is closed. Disposal is the <c>!</c> of tx. What would block throws, since nothing else could
    /// run: use the async methods.</remarks>
    public Stream Stream => Take<Stream>(() => new DuplexStream(Begin(), _end.Close));

    /// <summary>The code's end.</summary>
    /// <exception cref="InvalidOperationException">The end was taken in another way.</exception>
    /// <remarks>As <see cref="Stream"/>; completing the output is the <c>|</c> of tx.</remarks>
    public IDuplexPipe Pipe => Take<IDuplexPipe>(() => new DuplexPipe(Begin()));

    /// <summary>What arrives, chunk by chunk, whether the code reads it or not; hot. Fails at a reset.</summary>
    public IObservable<ReadOnlyMemory<byte>> Rx => _end.Rx;

    /// <summary>What is sent, as the code cuts it; hot. Completes at our FIN, fails when we reset or dispose.</summary>
    public IObservable<ReadOnlyMemory<byte>> Tx => _end.Tx;

    /// <summary>What was sent up to now, as the code cuts it, with times since the connection began.</summary>
    public Recording<ReadOnlyMemory<byte>> Sent => _end.Sent;

    bool IMarbleSource.IsUsed => IsTaken;

    bool IDuplexPeer.IsTaken => IsTaken;

    MarbleRow IMarbleSource.Row => new(_rxName, new([.. _script.Rx.Events.Select(happening =>
        happening with { Time = Times.Sum(happening.Time, _end.Begun ?? TimeSpan.Zero) })], _script.Rx.Length));

    private bool IsTaken => _end.Begun is not null;

    /// <summary>Says what failures call its rows: <c>name rx</c>, <c>name tx</c>.</summary>
    /// <param name="name">As the test's author calls the peer.</param>
    /// <returns>This peer.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="name"/> is null.</exception>
    public MarbleDuplex Named(string name)
    {
        ArgumentNullException.ThrowIfNull(name);
        (_rxName, _txName) = ($"{name} rx", $"{name} tx");
        return this;
    }

    /// <summary>Compares which bytes are sent and how it ends, but not when: for rows that were recorded in real time.</summary>
    /// <returns>This peer.</returns>
    public MarbleDuplex InAnyTime()
    {
        _anyTime = true;
        return this;
    }

    /// <summary>The peer waits for a dial, on any hub of the test's. Where several wait, each dial meets the next; one too many goes to
    /// the test's network.</summary>
    /// <param name="host">A name, known to the test's network from now on; the code dials it.</param>
    /// <param name="port">1 to 65535.</param>
    /// <returns>This peer.</returns>
    /// <exception cref="ArgumentException">There can be no such host or port.</exception>
    public MarbleDuplex At(string host, int port)
    {
        var address = _run.Network.Host(host).Addresses[0];
        ArgumentOutOfRangeException.ThrowIfLessThan(port, 1);
        _run.Peers.Add(new IPEndPoint(address, port), this);
        return this;
    }

    /// <summary>The peer connects, now, to a service of the code's.</summary>
    /// <param name="service">Where one listens on a hub of the test's.</param>
    /// <returns>This peer.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="service"/> is null.</exception>
    /// <exception cref="InvalidOperationException">Nobody listens there, or the code's end was taken in another way.</exception>
    public MarbleDuplex Dials(EndPoint service)
    {
        ArgumentNullException.ThrowIfNull(service);
        var listener = _run.Peers.ListenerAt(service);
        listener.Offer(Answer(listener.LocalEndPoint, _run.Peers.TheirEndPoint(), listener.Hub));
        return this;
    }

    Recording<T> IMarbleSource.AsInner<T>() => throw new InvalidOperationException("A peer is no stream: use its Rx or Tx.");

    MarbleReport? IExpectation.Judge()
    {
        if (!IsTaken)
        {
            return MarbleRun.Failure($"Nobody connected to the peer of {_txName}: use its Connection, Stream or Pipe, or say Dials, or At and dial it.", _place);
        }

        var rows = new List<MarbleRow> { new(_rxName, _script.Rx) };
        if (_script.Window.Events.Count > 0)
        {
            rows.Add(new("window", _script.Window));
        }

        var expected = DuplexScript.Recording(_script.Tx!);
        return _anyTime
            ? JoinedBytes.Compare($"{_txName}, in any time", _place, AtOnce(expected), AtOnce(Sent), null, [])
            : JoinedBytes.Compare(_txName, _place, expected, Sent, null, rows);
    }

    MarbleRow? IExpectation.Row() => new(_txName, MarbleDiagram.Parse(MarblePrinter.Print(Sent).Marbles, MarbleRole.Bytes));

    ITransport IDuplexPeer.Answer(EndPoint local, EndPoint remote, IHub hub) => Answer(local, remote, hub);

    private Hub Hub => _run.HubOn("local");

    private static Recording<ReadOnlyMemory<byte>> AtOnce(Recording<ReadOnlyMemory<byte>> recording) =>
        new([.. recording.Select(told => told with { Time = TimeSpan.Zero })]);

    private DuplexTransport Answer(EndPoint local, EndPoint remote, IHub hub)
    {
        if (_face is not null)
        {
            throw Taken();
        }

        _end.Begin(local, remote, _end.Now);
        var transport = new DuplexTransport(_end, hub);
        _face = transport;
        return transport;
    }

    private DuplexEnd Begin()
    {
        _end.Begin(_run.Peers.OurEndPoint(), _run.Peers.TheirEndPoint(), _made);
        return _end;
    }

    private T Take<T>(Func<T> make)
        where T : class
    {
        _face ??= make();
        return _face as T ?? throw Taken();
    }

    private InvalidOperationException Taken() =>
        new($"The code's end of {_txName} was taken in another way before: it has one Connection, Stream or Pipe, or one dial.");
}
