namespace Diesel.Reactive.Testing;

/// <summary>The streams of Swirly's files, which are RxJS's of old: a space is a frame, and no durations.</summary>
internal sealed class SwirlyMarbles(string marbles) : LenientMarbles(marbles)
{
    protected override double FramesOfSpace => 1;

    public static MarbleDiagram Read(string marbles, MarbleRole role) =>
        role is MarbleRole.Any or MarbleRole.Hot or MarbleRole.Cold or MarbleRole.Expected
            ? new SwirlyMarbles(marbles).Read(-Math.Max(0, marbles.IndexOf('^')))
            : throw new ArgumentException($"Swirly has no diagrams of {role}: read it in the strict dialect.", nameof(role));
}
