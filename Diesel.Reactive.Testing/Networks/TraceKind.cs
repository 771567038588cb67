namespace Diesel.Reactive.Testing;

/// <summary>What an entry of a <see cref="NetworkTrace"/> tells.</summary>
public enum TraceKind
{
    /// <summary>A dial began.</summary>
    Dialled,

    /// <summary>A dial was answered: the connection is open at the dialling side.</summary>
    Connected,

    /// <summary>A dial was refused.</summary>
    Refused,

    /// <summary>Bytes of a connection were handed to the network.</summary>
    Sent,

    /// <summary>A chunk was told to the receiver.</summary>
    Received,

    /// <summary>A FIN was sent.</summary>
    FinSent,

    /// <summary>A FIN was told to the receiver.</summary>
    FinReceived,

    /// <summary>A reset was sent.</summary>
    ResetSent,

    /// <summary>A failure of the connection was told to an end.</summary>
    Failed,

    /// <summary>A datagram was sent.</summary>
    DatagramSent,

    /// <summary>A datagram was told to the receiver.</summary>
    DatagramReceived,

    /// <summary>A datagram came to nobody: lost on the way, or there was no socket.</summary>
    DatagramLost,

    /// <summary>A second copy of a datagram is under way.</summary>
    DatagramDuplicated,

    /// <summary>A datagram is held back, so that others overtake it.</summary>
    DatagramHeldBack,

    /// <summary>Something was done to a link or a host: a partition, a crash, ….</summary>
    Fault,
}
