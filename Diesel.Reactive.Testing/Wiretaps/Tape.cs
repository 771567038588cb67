using System.Globalization;
using System.Net;
using System.Reactive.Concurrency;

namespace Diesel.Reactive.Testing;

/// <summary>What one connection received and sent, and when, from its beginning on.</summary>
/// <remarks>Chunks are what the transport gave, and what it took at once. <c>|</c> is a FIN, <c>#</c> a reset (or another failure),
/// <c>!</c> that this side let go of the connection without either.</remarks>
public sealed class Tape : ITape
{
    private readonly Lock _gate = new();
    private readonly Wiretap _wiretap;
    private readonly IStopwatch _clock;
    private readonly List<Happening> _rx = [];
    private readonly List<Happening> _tx = [];

    internal Tape(Wiretap wiretap, EndPoint local, EndPoint remote, Hub hub)
    {
        (_wiretap, LocalEndPoint, RemoteEndPoint) = (wiretap, local, remote);
        (_clock, Began) = (hub.StartStopwatch(), hub.Now);
    }

    /// <summary>This side.</summary>
    public EndPoint LocalEndPoint { get; }

    /// <summary>The peer.</summary>
    public EndPoint RemoteEndPoint { get; }

    /// <summary>When the connection was made, by the hub's clock: the instant zero of the rows.</summary>
    public DateTimeOffset Began { get; }

    /// <summary>Bytes that were not kept, because the wiretap's limit was reached: none behind the first of these was.</summary>
    public long Dropped { get; private set; }

    /// <summary>What was received, as a diagram for <c>t.Duplex</c>.</summary>
    public string Rx => Text(_rx);

    /// <summary>What was sent, as a diagram for <c>t.Duplex</c>.</summary>
    public string Tx => Text(_tx);

    /// <summary>Both as rows, named <c>rx</c> and <c>tx</c>.</summary>
    public IReadOnlyList<MarbleRow> Rows
    {
        get
        {
            lock (_gate)
            {
                return [new("rx", Diagram(_rx)), new("tx", Diagram(_tx))];
            }
        }
    }

    /// <summary>Writes the tape to a <c>.marble</c> file, as its only case.</summary>
    /// <param name="path">A file there is replaced.</param>
    /// <exception cref="ArgumentException"><paramref name="path"/> is empty.</exception>
    /// <exception cref="IOException">It cannot be written.</exception>
    public void Save(string path) => TapeFile.Save(path, [this]);

    /// <summary>Both rows, equal instants below each other.</summary>
    public override string ToString() => MarbleTable.Draw(Rows);

    void ITape.Received(ReadOnlyMemory<byte> chunk) => Add(_rx, MarbleKind.Value, chunk.Span);

    void ITape.Sent(ReadOnlySpan<byte> bytes) => Add(_tx, MarbleKind.Value, bytes);

    void ITape.PeerEnds(MarbleKind how) => Add(_rx, how, []);

    void ITape.Ends(MarbleKind how) => Add(_tx, how, []);

    byte[] ITape.Copy(ReadOnlySpan<byte> bytes) => bytes[.._wiretap.Room(bytes.Length)].ToArray();

    void ITape.Drop(long count)
    {
        lock (_gate)
        {
            Dropped += count;
        }
    }

    private void Add(List<Happening> row, MarbleKind kind, ReadOnlySpan<byte> bytes)
    {
        if (kind == MarbleKind.Value && bytes.IsEmpty)
        {
            return;
        }

        ReadOnlyMemory<byte> copy = bytes.ToArray();
        var happening = new Happening(_clock.Elapsed, kind, copy);
        lock (_gate)
        {
            // Without what came before, the rest would replay another conversation.
            if (kind != MarbleKind.Value || (Dropped == 0 && _wiretap.Claim(copy)))
            {
                row.Add(happening);
            }
            else
            {
                Dropped += copy.Length;
            }
        }

        _wiretap.Print(() => Line(happening, row == _rx));
    }

    private string Line(Happening happening, bool isReceived)
    {
        var (from, to) = isReceived ? (RemoteEndPoint, LocalEndPoint) : (LocalEndPoint, RemoteEndPoint);
        var what = happening.Kind == MarbleKind.Value ? ValueText.Of(happening.Bytes) : MarbleNotation.Of(happening.Event);
        return string.Create(CultureInfo.InvariantCulture, $"{happening.Time.TotalMilliseconds:0.####}ms {from}→{to} {what}");
    }

    private string Text(List<Happening> row)
    {
        lock (_gate)
        {
            return MarbleTable.Draw(new MarbleRow("", Diagram(row)));
        }
    }

    private static MarbleDiagram Diagram(List<Happening> row) =>
        new([.. row.Select(happening => happening.Event)], row is [.., var last] ? last.Time : TimeSpan.Zero);

    private readonly record struct Happening(TimeSpan Time, MarbleKind Kind, ReadOnlyMemory<byte> Bytes)
    {
        public MarbleEvent Event => new(Time, Kind, Kind == MarbleKind.Value ? BytesText.Spell(Bytes) : null);
    }
}
