namespace Diesel.Reactive;

/// <summary>What bounds a connection.</summary>
public record ConnectionOptions
{
    private readonly int _highWaterMark = 64 * 1024;
    private readonly int _lowWaterMark = 32 * 1024;
    private readonly long _maxPendingBytes = 16 * 1024 * 1024;
    private readonly TimeSpan _closeTimeout = TimeSpan.FromSeconds(5);

    /// <summary>Bytes of queued output above which <see cref="Connection.Writable"/> is false, and, as far as they are
    /// replies to what the peer sent, its input is not read; default 64 KiB.</summary>
    public int HighWaterMark { get => _highWaterMark; init => _highWaterMark = Setting.Positive(value); }

    /// <summary>Bytes of queued output below which both go on again; default 32 KiB.</summary>
    public int LowWaterMark { get => _lowWaterMark; init => _lowWaterMark = Setting.Positive(value); }

    /// <summary>Bytes of queued output past which the connection is aborted with <see cref="SlowConsumerException"/>;
    /// default 16 MiB.</summary>
    public long MaxPendingBytes { get => _maxPendingBytes; init => _maxPendingBytes = Setting.Positive(value); }

    /// <summary>How long a disposed connection may take to flush its output and to see the peer's FIN; default 5 s. After
    /// that it is reset.</summary>
    public TimeSpan CloseTimeout { get => _closeTimeout; init => _closeTimeout = Setting.Positive(value); }

    /// <summary>What is set on the socket; default: as <see cref="SocketOptions"/> says.</summary>
    public SocketOptions Socket { get; init; } = SocketOptions.Default;

    /// <summary>Lays something over the transport of each connection, on the hub, before anything else is done with it: what
    /// records or slows the traffic. Null, the default: nothing.</summary>
    /// <remarks>It gets the transport, not started, and the connection's hub, and returns an <see cref="ITransport"/> that keeps
    /// the same contract. What it throws ends the connection.</remarks>
    public Func<ITransport, Hub, ITransport>? Layer { get; init; }

    internal static ConnectionOptions Default { get; } = new();

    /// <summary>The transport with its <see cref="Layer"/>; one that cannot be laid resets the connection.</summary>
    internal ITransport LayOver(ITransport transport, Hub hub)
    {
        try
        {
            return Layer is null ? transport : Layer(transport, hub)
                ?? throw new InvalidOperationException($"{nameof(Layer)} gave null for the transport of {transport}.");
        }
        catch
        {
            transport.Abort();
            throw;
        }
    }
}
