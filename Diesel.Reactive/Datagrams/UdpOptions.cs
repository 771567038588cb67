namespace Diesel.Reactive;

/// <summary>What bounds a datagram socket.</summary>
public record UdpOptions
{
    private readonly int _maxQueuedBytes = 1024 * 1024;
    private readonly int _maxPeers = 10_000;

    /// <summary>Bytes of datagrams kept while nobody reads, 64 counted for each besides its payload, of all conversations of
    /// <see cref="IDatagramSocket.Peers"/> together. Past that the oldest are dropped and counted: those of the sender that goes
    /// on, then of the conversation that has been unread for longest. Default 1 MiB.</summary>
    public int MaxQueuedBytes { get => _maxQueuedBytes; init => _maxQueuedBytes = Setting.Positive(value); }

    /// <summary>Conversations <see cref="IDatagramSocket.Peers"/> keeps at a time; for a further sender the one that was active
    /// least recently is ended. Default 10 000.</summary>
    public int MaxPeers { get => _maxPeers; init => _maxPeers = Setting.Positive(value); }

    /// <summary>What is set on the socket; default: as <see cref="SocketOptions"/> says.</summary>
    public SocketOptions Socket { get; init; } = SocketOptions.Default;

    internal static UdpOptions Default { get; } = new();
}
