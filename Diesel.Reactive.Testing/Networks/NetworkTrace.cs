namespace Diesel.Reactive.Testing;

/// <summary>What crossed a <see cref="VirtualNetwork"/>, in order; the newest entries up to a limit.</summary>
/// <remarks>Two runs of one program with one seed give the same entries, to the byte.</remarks>
public sealed class NetworkTrace
{
    private const long MostBytes = 16 * 1024 * 1024;

    private readonly Queue<TraceEntry> _entries = new();
    private readonly Func<TimeSpan> _now;
    private long _bytes;

    internal NetworkTrace(Func<TimeSpan> now, int limit) => (_now, Limit) = (now, limit);

    /// <summary>Entries that are kept; 0: none.</summary>
    public int Limit { get; }

    /// <summary>The entries up to now, in order.</summary>
    public IReadOnlyList<TraceEntry> Entries => [.. _entries];

    /// <summary>How many older entries were dropped, because there were more than <see cref="Limit"/> or than 16 MiB of bytes
    /// in them.</summary>
    public long Dropped { get; private set; }

    /// <summary>All entries, one per line.</summary>
    public override string ToString() => string.Join('\n', _entries);

    /// <summary>The trace as rows of marbles, to be printed as a table.</summary>
    /// <returns>In the order of their first entries: for each direction of each connection what was sent (<c>client→server #1</c>)
    /// and what was received (<c>client→server #1 received</c>); for each direction the datagrams that were sent, received and
    /// lost; the dials; the faults. A FIN is <c>|</c>, a reset or failure <c>#</c>.</returns>
    public IReadOnlyList<MarbleRow> Rows()
    {
        var rows = new Dictionary<string, List<MarbleEvent>>();
        var labels = new List<string>();
        foreach (var entry in _entries)
        {
            var label = LabelOf(entry);
            if (!rows.TryGetValue(label, out var events))
            {
                labels.Add(label);
                rows.Add(label, events = []);
            }

            events.Add(new MarbleEvent(entry.At, KindOf(entry), KindOf(entry) == MarbleKind.Value ? entry.Spelling : null));
        }

        var length = _entries.Count == 0 ? TimeSpan.Zero : Times.Sum(_entries.Max(static e => e.At), TimeSpan.FromMilliseconds(1));
        return [.. labels.Select(label => new MarbleRow(label, new MarbleDiagram(rows[label], length)))];
    }

    /// <summary>Whether what happens now is no more part of it.</summary>
    internal bool IsOver { get; set; }

    internal void Add(TraceKind kind, string link, int connection = 0, ReadOnlyMemory<byte> bytes = default, string note = "")
    {
        if (Limit == 0 || IsOver)
        {
            return;
        }

        _entries.Enqueue(new TraceEntry(_now(), kind, link, connection, bytes, note));
        _bytes += bytes.Length;
        while (_entries.Count > Limit || (_bytes > MostBytes && _entries.Count > 1))
        {
            _bytes -= _entries.Dequeue().Bytes.Length;
            Dropped++;
        }
    }

    private static string LabelOf(TraceEntry entry) => entry.Kind switch
    {
        TraceKind.Sent or TraceKind.FinSent or TraceKind.ResetSent => $"{entry.Link} #{entry.Connection}",
        TraceKind.Received or TraceKind.FinReceived or TraceKind.Failed => $"{entry.Link} #{entry.Connection} received",
        TraceKind.DatagramSent => $"{entry.Link} datagrams",
        TraceKind.DatagramReceived => $"{entry.Link} datagrams received",
        TraceKind.DatagramLost => $"{entry.Link} lost",
        TraceKind.DatagramDuplicated => $"{entry.Link} duplicated",
        TraceKind.DatagramHeldBack => $"{entry.Link} held back",
        TraceKind.Dialled => $"{entry.Link} dialled",
        TraceKind.Connected => $"{entry.Link} connected",
        TraceKind.Refused => $"{entry.Link} refused",
        _ => $"{entry.Link} faults",
    };

    private static MarbleKind KindOf(TraceEntry entry) => entry.Kind switch
    {
        TraceKind.FinSent or TraceKind.FinReceived => MarbleKind.Completed,
        TraceKind.ResetSent or TraceKind.Failed => MarbleKind.Failed,
        _ => MarbleKind.Value,
    };
}
