using System.Text;

namespace Diesel.Reactive.Testing;

/// <summary>Diagrams below each other on one axis of time: what happens in one frame stands in one column of all of them.</summary>
/// <remarks>The axis is a grid of whole milliseconds. What happens in one frame of one row is one cell, a single sign or an
/// instant <c>[ ]</c> with the times inside the frame told by durations; so a row parses to what it shows, however close
/// or crooked its times are. Frames in which nothing happens anywhere are dashes, or one duration when they are many.</remarks>
internal sealed class MarbleLayout
{
    public const int LongestRunOfDashes = 12;

    private readonly List<Stretch> _axis = [];
    private readonly MarbleLine[] _lines;
    private readonly bool _isRounded;

    /// <summary>Lays diagrams out.</summary>
    /// <param name="diagrams">At least one.</param>
    /// <param name="isRounded">Whether long times in which nothing happens are told as a person would, and the rows no longer parse to the tick.</param>
    public MarbleLayout(IReadOnlyList<MarbleDiagram> diagrams, bool isRounded = false)
    {
        _isRounded = isRounded;
        _lines = [.. diagrams.Select(diagram => new MarbleLine(diagram))];
        var frames = new SortedSet<long>(_lines.SelectMany(line => line.Cells.Keys));
        var (at, column) = (Math.Min(0, frames.Min), 0);
        foreach (var frame in frames)
        {
            Skip(frame);
            Add(1, _lines.Max(line => line.Cells.TryGetValue(frame, out var cell) ? DisplayWidth.Of(cell) : 1), isGap: false);
        }

        Skip(_lines.Max(line => line.End));

        void Skip(long to)
        {
            var length = to - at;
            if (length is > 0 and <= LongestRunOfDashes) Add(length, (int)length, isGap: false);
            if (length > LongestRunOfDashes) Add(length, Gap(length).Length, isGap: true);
        }

        void Add(long length, int width, bool isGap)
        {
            _axis.Add(new(at, length, column, width, isGap));
            (at, column) = (at + length, column + width);
        }
    }

    /// <summary>The columns at which something happens, and the milliseconds there.</summary>
    public IEnumerable<(int Column, long Frame)> Marks =>
        _axis.Where(stretch => stretch.Length == 1 && _lines.Any(line => line.Cells.ContainsKey(stretch.From))).Select(stretch => (stretch.Column, stretch.From));

    /// <summary>The columns of the widest row.</summary>
    public int Width => _axis.Count == 0 ? 0 : _axis[^1].Column + _axis[^1].Width;

    /// <summary>The column of an event in its row.</summary>
    public int ColumnOf(int row, int index)
    {
        var (frame, offset) = _lines[row].Place(index);
        var (low, high) = (0, _axis.Count - 1);
        while (low < high)
        {
            var middle = (low + high + 1) / 2;
            if (_axis[middle].From <= frame) low = middle;
            else high = middle - 1;
        }

        return _axis[low].Column + offset;
    }

    /// <summary>A row's text.</summary>
    public string Text(int row)
    {
        var (line, text) = (_lines[row], new StringBuilder());
        foreach (var stretch in _axis.TakeWhile(stretch => stretch.From < line.End && (!stretch.IsGap || stretch.From + stretch.Length <= line.End)))
        {
            var shown = stretch.From < line.Begin ? ""
                : stretch.IsGap ? Gap(stretch.Length)
                : line.Cells.TryGetValue(stretch.From, out var cell) ? cell
                : new string('-', (int)Math.Min(stretch.Length, line.End - stretch.From));
            text.Append(shown).Append(' ', stretch.Width - DisplayWidth.Of(shown));
        }

        return text.ToString().TrimEnd();
    }

    private string Gap(long frames) => _isRounded && frames > 1000
        ? $" {HumanTime.About(TimeSpan.FromMilliseconds(frames))} "
        : $" {MarbleNotation.Duration(frames * TimeSpan.TicksPerMillisecond)} ";

    private readonly record struct Stretch(long From, long Length, int Column, int Width, bool IsGap);
}
