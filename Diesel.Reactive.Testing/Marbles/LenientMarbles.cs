namespace Diesel.Reactive.Testing;

/// <summary>What RxJS's two modes share: a sign is one code point, and nearly every text is a diagram.</summary>
/// <remarks>As RxJS does, it counts frames in floating point, and lets a new <c>(</c> or any <c>)</c> end the group before.</remarks>
internal abstract class LenientMarbles(string marbles)
{
    private readonly List<MarbleEvent> _events = [];
    private double _now;
    private double? _group;

    protected string Marbles => marbles;

    protected abstract double FramesOfSpace { get; }

    /// <summary>How many characters at the place are a duration, and of how many frames; none: it is no duration.</summary>
    protected virtual (int Length, double Frames) DurationAt(int at) => (0, 0);

    /// <summary>What a sign or value means, null: nothing; and how many frames it takes.</summary>
    protected virtual (MarbleKind? Kind, int Frames) Meaning(string sign, int column) => sign switch
    {
        "|" => (MarbleKind.Completed, 1),
        "#" => (MarbleKind.Failed, 1),
        "^" => (null, 1),
        "!" => throw Error(column, "A stream cannot be disposed in its diagram: remove the '!', or write it in a subscription."),
        _ => (MarbleKind.Value, 1),
    };

    /// <summary>Reads all, from the frame where the text begins.</summary>
    public MarbleDiagram Read(double first)
    {
        _now = first;
        for (var at = 0; at < marbles.Length;) at += Place(marbles.Substring(at, char.IsSurrogatePair(marbles, at) ? 2 : 1), at);
        return new(_events, Time(_now, marbles.Length), marbles);
    }

    private int Place(string sign, int column)
    {
        var start = _now;
        switch (sign)
        {
            case " ":
                _now += FramesOfSpace;
                return 1;
            case "-":
                _now++;
                return 1;
            case "(" or ")":
                // A group that begins a frame or more before the instant zero is none: so RxJS has it.
                _group = sign == "(" && start > -1 ? start : null;
                _now++;
                return 1;
        }

        if (DurationAt(column) is { Length: > 0 } duration)
        {
            _now += duration.Frames;
            return duration.Length;
        }

        var (kind, frames) = Meaning(sign, column);
        _now += frames;
        if (kind is { } told)
            _events.Add(new(Time(_group ?? start, column), told, told == MarbleKind.Value ? MarbleSpelling.Name(sign) : null, column));
        return sign.Length;
    }

    protected MarbleSyntaxException Error(int column, string problem) => new(marbles, column, problem);

    private TimeSpan Time(double frame, int column) => frame < TimeSpan.MaxValue.Ticks / TimeSpan.TicksPerMillisecond
        ? new TimeSpan((long)Math.Round(frame * TimeSpan.TicksPerMillisecond))
        : throw Error(column, "The diagram is longer than a TimeSpan can be: write shorter durations.");
}
