namespace Diesel.Reactive.Testing;

/// <summary>What happens at an instant of a diagram.</summary>
public enum MarbleKind
{
    /// <summary>A value (or a chunk of bytes) is told.</summary>
    Value,

    /// <summary><c>|</c>: the stream completes; for bytes, the FIN.</summary>
    Completed,

    /// <summary><c>#</c>: the stream fails; for bytes, the reset.</summary>
    Failed,

    /// <summary><c>^</c>: somebody subscribes; in a hot stream, the instant zero.</summary>
    Subscribed,

    /// <summary><c>!</c>: the subscription is disposed; for bytes, we close.</summary>
    Unsubscribed,
}
