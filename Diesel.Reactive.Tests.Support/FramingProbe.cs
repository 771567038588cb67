namespace Diesel.Reactive.Tests;

/// <summary>A framing that counts how often its decoders are made and asked.</summary>
internal sealed class FramingProbe<T>(Framing<T> inner) : Framing<T>
{
    public int Calls { get; private set; }

    public int Decoders { get; private set; }

    public override Decoder<T> CreateDecoder()
    {
        Decoders++;
        return new Counting(this, inner.CreateDecoder());
    }

    private sealed class Counting(FramingProbe<T> probe, Decoder<T> decoder) : Decoder<T>
    {
        public override bool TryDecode(ReadOnlyMemory<byte> buffer, out T frame, out int consumed)
        {
            probe.Calls++;
            return decoder.TryDecode(buffer, out frame, out consumed);
        }
    }
}
