namespace Diesel.Reactive.Protocols.Http;

/// <summary>What was noted of a head while it was checked.</summary>
[Flags]
internal enum HttpHeadFlags
{
    None = 0,

    /// <summary>HTTP/1.0; else it is spoken to as 1.1.</summary>
    Http10 = 1,

    /// <summary>Connection: close.</summary>
    Close = 1 << 1,

    /// <summary>Connection: keep-alive.</summary>
    KeepAlive = 1 << 2,

    /// <summary>Connection: upgrade.</summary>
    UpgradeOption = 1 << 3,

    /// <summary>There is an Upgrade field.</summary>
    Upgrade = 1 << 4,

    /// <summary>Expect: 100-continue.</summary>
    Expects = 1 << 5,

    /// <summary>The body is in chunks.</summary>
    Chunked = 1 << 6,

    Host = 1 << 7,

    /// <summary>The target is a whole URI.</summary>
    Absolute = 1 << 8,

    /// <summary>There is a percent sign or a dot segment in the path: it is not what it looks like.</summary>
    Escaped = 1 << 9,

    /// <summary>The start line ended in LF alone.</summary>
    LoneLf = 1 << 10,

    /// <summary>The status line ended behind the status.</summary>
    NoReason = 1 << 11,
}
