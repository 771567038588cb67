namespace Diesel.Reactive.Tests;

/// <summary>A framing, valid bytes for it, and the frames they are.</summary>
public sealed record FramingCase(string Name, Framing<string> Framing, byte[] Wire, string[] Frames)
{
    /// <summary>Whether the framing throws bytes away before a frame is there.</summary>
    public bool Discards { get; init; }

    public override string ToString() => $"{Name}: {Convert.ToHexString(Wire)} = [{string.Join(", ", Frames)}]";

    public static FramingCase Of(string name, Framing<string> framing, IEnumerable<(byte[] Wire, string? Frame)> frames)
    {
        var all = frames.ToArray();
        return new(
            name,
            framing,
            all.SelectMany(frame => frame.Wire).ToArray(),
            all.Where(frame => frame.Frame is not null).Select(frame => frame.Frame!).ToArray());
    }

    public static FramingCase Of(
        string name, Framing<ReadOnlyMemory<byte>> framing, IEnumerable<(byte[] Wire, byte[]? Frame)> frames) =>
        Of(
            name,
            framing.Select(frame => Convert.ToHexString(frame.Span)),
            frames.Select(frame => (frame.Wire, frame.Frame is null ? null : Convert.ToHexString(frame.Frame))));
}
