using Diesel.Reactive.Testing;

namespace Diesel.Reactive.Inspector;

/// <summary>What passes on a connection, for its row.</summary>
internal sealed class LiveTape(LiveRow row) : ITape
{
    public void Received(ReadOnlyMemory<byte> chunk) => row.Tell("rx", MarbleKind.Value, chunk.Span);

    public void Sent(ReadOnlySpan<byte> bytes) => row.Tell("tx", MarbleKind.Value, bytes);

    public void PeerEnds(MarbleKind how) => row.Tell("rx", how, []);

    public void Ends(MarbleKind how) => row.Tell("tx", how, []);

    public byte[] Copy(ReadOnlySpan<byte> bytes) => row.IsShown ? bytes.ToArray() : [];

    // What was not sent at once while nobody looked.
    public void Drop(long count)
    {
    }
}
