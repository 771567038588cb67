namespace Diesel.Reactive;

/// <summary>What a <see cref="TcpService"/> refuses or ends a connection for.</summary>
public enum ServiceLimit
{
    /// <summary><see cref="TcpServiceOptions.MaxConnectionsPerAddress"/>: refused.</summary>
    MaxConnectionsPerAddress,

    /// <summary><see cref="TcpServiceOptions.MaxLingering"/>: reset.</summary>
    MaxLingering,

    /// <summary><see cref="TcpServiceOptions.MaxBufferedInput"/>: aborted.</summary>
    MaxBufferedInput,

    /// <summary><see cref="TcpServiceOptions.MaxPendingOutput"/>: aborted.</summary>
    MaxPendingOutput,

    /// <summary><see cref="TcpServiceOptions.IdleTimeout"/>: closed.</summary>
    IdleTimeout,

    /// <summary><see cref="TcpServiceOptions.PeerEndedTimeout"/>: closed.</summary>
    PeerEndedTimeout,

    /// <summary><see cref="TcpServiceOptions.FirstByteTimeout"/>: closed.</summary>
    FirstByteTimeout,

    /// <summary><see cref="TcpServiceOptions.FrameTimeout"/>: closed.</summary>
    FrameTimeout,

    /// <summary><see cref="TcpServiceOptions.MinimumRate"/>: closed.</summary>
    MinimumRate,

    /// <summary><see cref="TcpServiceOptions.MinimumWriteRate"/>: aborted.</summary>
    MinimumWriteRate,

    /// <summary><see cref="TlsOptions.HandshakeTimeout"/>, or <see cref="ProxyProtocolOptions.HeaderTimeout"/>: closed before the handler was asked.</summary>
    HandshakeTimeout,

    /// <summary><see cref="ProxyProtocolOptions.TrustedNetworks"/>: refused.</summary>
    TrustedNetworks,
}
