namespace Diesel.Reactive;

/// <summary>A stream of bytes that keeps what its readers leave: the framing operators read through it instead of buffering
/// themselves.</summary>
public interface IFrameSource
{
    /// <summary>Reads all frames, one after the other.</summary>
    /// <typeparam name="T">What a frame is decoded to.</typeparam>
    /// <param name="framing">Where a frame ends.</param>
    /// <returns>Cold around a hot source: subscribing attaches the reader, unsubscribing detaches it and leaves what was
    /// not consumed.</returns>
    IObservable<T> Decode<T>(Framing<T> framing);
}
