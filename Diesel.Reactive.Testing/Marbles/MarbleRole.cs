namespace Diesel.Reactive.Testing;

/// <summary>What a diagram is for, which decides what may stand in it.</summary>
public enum MarbleRole
{
    /// <summary>All signs are allowed; <c>^</c> is the instant zero, as in <see cref="Hot"/>.</summary>
    Any,

    /// <summary>A source that runs whether somebody listens or not; one <c>^</c> may mark the instant zero.</summary>
    Hot,

    /// <summary>A source that begins when it is subscribed.</summary>
    Cold,

    /// <summary>What an observer shall be told; the only role with <c>{ }</c>, in any order.</summary>
    Expected,

    /// <summary><c>--^---!</c>: when somebody subscribes, and when that is disposed.</summary>
    Subscription,

    /// <summary><c>-----|</c>: a length of time, up to the <c>|</c>.</summary>
    Time,

    /// <summary>Chunks of a byte stream; <c>|</c> is the FIN, <c>#</c> the reset, and <c>!</c> that we dispose it.</summary>
    Bytes,

    /// <summary><c>^--!--^</c>: when the peer's window opens and closes, by turns; where the first sign
    /// closes it, it was open from the start.</summary>
    Window,
}
