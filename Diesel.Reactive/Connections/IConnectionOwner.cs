namespace Diesel.Reactive;

/// <summary>Who is told of a connection's life: one reference, as there may be ten thousand of them at rest.</summary>
internal interface IConnectionOwner
{
    /// <summary>Once: the peer has ended, and the connection is not over.</summary>
    void OnHalfClosed();

    /// <summary>All output is sent, and the FIN.</summary>
    void OnOutputEnded();

    /// <summary>Once: the transport was let go of.</summary>
    void OnReleased();
}
