namespace Diesel.Reactive.Testing;

/// <summary>A diagram cut into frames of a millisecond.</summary>
internal sealed class MarbleLine
{
    private readonly List<MarbleEvent> _events;
    private readonly int[] _offsets;
    private readonly int _addedZero = int.MaxValue;

    public MarbleLine(MarbleDiagram diagram)
    {
        _events = [.. diagram.Events];
        var begin = _events.Count == 0 ? 0 : FrameOf(_events[0]);
        if (begin < 0 && !_events.Exists(happening => happening is { Kind: MarbleKind.Subscribed, Time.Ticks: 0 }))
        {
            _addedZero = _events.TakeWhile(happening => happening.Time < TimeSpan.Zero).Count();
            _events.Insert(_addedZero, new(TimeSpan.Zero, MarbleKind.Subscribed));
        }

        _offsets = new int[_events.Count];
        Begin = Math.Min(0, begin);
        End = EndOf(diagram);
        Fill();
    }

    /// <summary>The first frame.</summary>
    public long Begin { get; }

    /// <summary>The frame behind the last.</summary>
    public long End { get; }

    /// <summary>What happens, by the frame it happens in.</summary>
    public Dictionary<long, string> Cells { get; } = [];

    /// <summary>Where an event stands: its frame, and the column in the frame's cell.</summary>
    public (long Frame, int Offset) Place(int index)
    {
        var shifted = index < _addedZero ? index : index + 1;
        return (FrameOf(_events[shifted]), _offsets[shifted]);
    }

    private long EndOf(MarbleDiagram diagram)
    {
        var behind = _events.Count == 0 ? 1 : FrameOf(_events[^1]) + 1;
        var ended = _events.Count > 0 && _events[^1].Kind is MarbleKind.Completed or MarbleKind.Failed or MarbleKind.Unsubscribed;
        return ended ? behind : Math.Max(behind, -Floor(-diagram.Length.Ticks));
    }

    private void Fill()
    {
        var (before, tail) = (long.MinValue, "");
        for (var first = 0; first < _events.Count;)
        {
            var (frame, end) = (FrameOf(_events[first]), first + 1);
            while (end < _events.Count && FrameOf(_events[end]) == frame) end++;
            if (frame != before + 1) tail = "";
            var cell = new MarbleCell(frame, _events[first..end]);
            if (MarbleNotation.WouldMelt(tail, cell.Text))
            {
                Cells[before] += ' ';
                tail += ' ';
            }

            cell.Offsets.CopyTo(_offsets, first);
            Cells[frame] = cell.Text;
            tail = cell.Text.Length == 1 ? tail + cell.Text : "";
            tail = tail.Length > 3 ? tail[^3..] : tail;
            (before, first) = (frame, end);
        }
    }

    /// <summary>The millisecond an event is in.</summary>
    public static long FrameOf(MarbleEvent happening) => Floor(happening.Time.Ticks);

    private static long Floor(long ticks) => (ticks / TimeSpan.TicksPerMillisecond) - (ticks % TimeSpan.TicksPerMillisecond < 0 ? 1 : 0);
}
