namespace Diesel.Reactive;

/// <summary>TLS was not agreed on with a peer.</summary>
/// <remarks>The message says why, and what can be done. A peer that is lost or ends meanwhile is a <see cref="ConnectionException"/>, one that is
/// too slow a <see cref="TimeoutException"/>.</remarks>
public sealed class TlsException : ProtocolException
{
    internal TlsException(TlsFault fault, string message, Exception? inner = null)
        : base(message, inner!) => Fault = fault;

    /// <summary>Why; of several faults of a certificate the gravest.</summary>
    public TlsFault Fault { get; }
}
