namespace Diesel.Reactive;

/// <summary>Whatever is there, at most so many bytes.</summary>
internal sealed class ChunkFraming(int most) : Framing<ReadOnlyMemory<byte>>
{
    private readonly ChunkDecoder _decoder = new(most);

    public int Most => most;

    public override Decoder<ReadOnlyMemory<byte>> CreateDecoder() => _decoder;
}
