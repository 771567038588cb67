using System.Buffers;

namespace Diesel.Reactive.Tests;

/// <summary>A codec, bytes that may hold frames of it, and values it may refuse.</summary>
public sealed record CodecCase(string Name, Codec<string> Codec, byte[] Wire, string[] Values)
{
    public override string ToString() => $"{Name}: {Convert.ToHexString(Wire)}, [{string.Join(", ", Values)}]";

    public static CodecCase Of(string name, Codec<ReadOnlyMemory<byte>> codec, byte[] wire, byte[][] values) =>
        new(
            name,
            codec.Select(static frame => Convert.ToHexString(frame.Span), static text => Convert.FromHexString(text)),
            wire,
            [.. values.Select(Convert.ToHexString)]);

    /// <summary>Its bytes; null when it is refused, with nothing written.</summary>
    public static byte[]? Encoded(Codec<string> codec, string value)
    {
        var output = new ArrayBufferWriter<byte>();
        try
        {
            codec.Encode(value, output);
        }
        catch (ArgumentException)
        {
            Assert.That(output.WrittenCount, Is.Zero);
            return null;
        }

        Assert.That(codec.Encode(value).ToArray(), Is.EqualTo(output.WrittenSpan.ToArray()));
        return output.WrittenSpan.ToArray();
    }
}
