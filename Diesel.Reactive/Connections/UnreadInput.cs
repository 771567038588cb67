namespace Diesel.Reactive;

/// <summary>What becomes of bytes that were received and not read when <see cref="ConnectionLayers.Upgrade(Connection, Func{ITransport, Hub, ITransport}, UnreadInput)"/> lays a layer. They are never read
/// as plain text: whoever stands between the peers may have put them there (CVE-2011-0411).</summary>
public enum UnreadInput
{
    /// <summary>The layer gets them first: the peer may begin with it as soon as it has asked for it. To TLS, what somebody put there is no record.</summary>
    HandOver,

    /// <summary>They end the connection with <see cref="ProtocolException"/>: the peer has to wait for an answer before it begins, as with
    /// STARTTLS on a server.</summary>
    Refuse,
}
