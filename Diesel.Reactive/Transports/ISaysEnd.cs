namespace Diesel.Reactive;

/// <summary>A transport whose peer says that it ends, so that an end of which it says nothing may be the work of somebody on the way.</summary>
internal interface ISaysEnd
{
    /// <summary>Whether the end that was told was said by the peer.</summary>
    bool HasSaidEnd { get; }
}
