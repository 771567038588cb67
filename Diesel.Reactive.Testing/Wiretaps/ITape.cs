namespace Diesel.Reactive.Testing;

/// <summary>Who is told what passes on a connection that is overheard.</summary>
internal interface ITape
{
    void Received(ReadOnlyMemory<byte> chunk);

    void Sent(ReadOnlySpan<byte> bytes);

    void PeerEnds(MarbleKind how);

    void Ends(MarbleKind how);

    /// <summary>A copy of bytes that may be sent later, as far as they are of use.</summary>
    byte[] Copy(ReadOnlySpan<byte> bytes);

    /// <summary>So many bytes were sent of which there is no copy.</summary>
    void Drop(long count);
}
