namespace Diesel.Reactive;

/// <summary>What a delimited framing does with a frame that is longer than its limit.</summary>
public enum FrameOverflow
{
    /// <summary>Fails with <see cref="FrameTooLongException"/>.</summary>
    Fail,

    /// <summary>Throws the frame away, up to and including its delimiter, and goes on with the next one.</summary>
    Discard,
}
