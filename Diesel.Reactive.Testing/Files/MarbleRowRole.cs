namespace Diesel.Reactive.Testing;

/// <summary>What a row of a <c>.marble</c> file is for; the first word of the row, in lower case.</summary>
public enum MarbleRowRole
{
    /// <summary>A source that runs whoever listens.</summary>
    Hot,

    /// <summary>A source that starts anew for each subscription.</summary>
    Cold,

    /// <summary>What a result is to be.</summary>
    Expect,

    /// <summary>When the source of that name is to be subscribed and unsubscribed; for the name of an <see cref="Expect"/> row,
    /// when the test does so.</summary>
    Subs,

    /// <summary>A length of time: how far the <c>|</c> is from the beginning.</summary>
    Time,

    /// <summary>Bytes a peer sends: a hot source of chunks.</summary>
    Rx,

    /// <summary>Bytes that are to be sent to a peer.</summary>
    Tx,

    /// <summary>A result of bytes: what is to be made of the chunks.</summary>
    Frames,

    /// <summary>From <c>!</c> to <c>^</c> the peer takes nothing; the test reads it by its diagram.</summary>
    Window,

    /// <summary>A remark that is drawn.</summary>
    Note,
}
