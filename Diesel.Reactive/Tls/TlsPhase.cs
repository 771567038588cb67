namespace Diesel.Reactive;

/// <summary>How far a connection's TLS is.</summary>
internal enum TlsPhase
{
    /// <summary>Both sides agree on how.</summary>
    Agreeing,

    /// <summary>They have agreed.</summary>
    Open,

    /// <summary>They cannot: the rest of the connection passes without TLS, and is nobody's.</summary>
    Refused,

    /// <summary>Closed, aborted or failed.</summary>
    Over,
}
