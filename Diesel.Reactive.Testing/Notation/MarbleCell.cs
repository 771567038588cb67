using System.Text;

namespace Diesel.Reactive.Testing;

/// <summary>What happens in one frame of one row: a sign, or an instant with the times within it.</summary>
internal sealed class MarbleCell
{
    private readonly StringBuilder _text = new();
    private int _measured;
    private int _width;

    public MarbleCell(long frame, IReadOnlyList<MarbleEvent> events)
    {
        Offsets = new int[events.Count];
        var now = frame * TimeSpan.TicksPerMillisecond;
        var atOnce = events[^1].Time.Ticks == now && events.All(happening => happening.AnyOrder == events[0].AnyOrder);
        var isInstant = !(atOnce && (events.Count == 1 || events[0].AnyOrder > 0));
        if (isInstant) _text.Append('[');
        for (var i = 0; i < events.Count; i++)
        {
            var (happening, group) = (events[i], events[i].AnyOrder);
            if (happening.Time.Ticks > now)
            {
                _text.Append(' ').Append(MarbleNotation.Duration(happening.Time.Ticks - now)).Append(' ');
                now = happening.Time.Ticks;
            }

            if (group > 0 && (i == 0 || events[i - 1].AnyOrder != group)) _text.Append('{');
            Write(happening, i);
            if (group > 0 && (i == events.Count - 1 || events[i + 1].AnyOrder != group)) _text.Append('}');
        }

        if (isInstant) _text.Append(']');
        Text = _text.ToString();
    }

    public string Text { get; }

    /// <summary>The column of each event within the text.</summary>
    public int[] Offsets { get; }

    private void Write(MarbleEvent happening, int index)
    {
        var token = MarbleNotation.Of(happening);
        if (MarbleNotation.WouldMelt(Tail, token) || MarbleNotation.WouldTouch(Tail, token)) _text.Append(' ');
        _width += DisplayWidth.Of(_text.ToString(_measured, _text.Length - _measured));
        _measured = _text.Length;
        Offsets[index] = _width;
        _text.Append(token);
    }

    private string Tail => _text.ToString(Math.Max(0, _text.Length - 3), Math.Min(3, _text.Length));
}
