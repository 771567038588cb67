namespace Diesel.Reactive;

/// <summary>Why TLS was not agreed on.</summary>
public enum TlsFault
{
    /// <summary>The handshake failed in another way, which the message tells: no version or cipher in common, broken messages.</summary>
    Handshake,

    /// <summary>The peer does not speak TLS.</summary>
    NotTls,

    /// <summary>The peer refused: it sent an alert, which the message names.</summary>
    Refused,

    /// <summary>There is no certificate: the peer sent none, or this side has none for the name that was asked for.</summary>
    NoCertificate,

    /// <summary>The peer's certificate is no longer valid.</summary>
    Expired,

    /// <summary>The peer's certificate is not valid yet.</summary>
    NotYetValid,

    /// <summary>The peer's certificate is for other names.</summary>
    WrongName,

    /// <summary>The peer's certificate is signed by itself, and not among the trusted ones.</summary>
    SelfSigned,

    /// <summary>The peer's certificate does not lead to a trusted authority.</summary>
    UnknownAuthority,

    /// <summary>The peer's certificate is for another purpose: a client's at a server, say.</summary>
    WrongPurpose,

    /// <summary>The peer's certificate was revoked.</summary>
    Revoked,

    /// <summary>Whether the peer's certificate was revoked cannot be found out, and was to be.</summary>
    RevocationUnknown,

    /// <summary>A key or a signature of the peer's certificates is too weak.</summary>
    WeakKey,

    /// <summary>The peer's certificate is invalid in another way, which the message tells, or a callback of the program's refused it.</summary>
    Certificate,
}
