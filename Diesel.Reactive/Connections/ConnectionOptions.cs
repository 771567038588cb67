namespace Diesel.Reactive;

/// <summary>What bounds a connection.</summary>
public record ConnectionOptions
{
    private readonly int _highWaterMark = 64 * 1024;
    private readonly int? _lowWaterMark;
    private readonly long _maxPendingBytes = 16 * 1024 * 1024;
    private readonly TimeSpan _closeTimeout = TimeSpan.FromSeconds(5);

    /// <summary>Bytes of queued output above which <see cref="Connection.Writable"/> is false, and, as far as they are
    /// replies to what the peer sent, its input is not read; default 64 KiB.</summary>
    public int HighWaterMark { get => _highWaterMark; init => _highWaterMark = Setting.Positive(value); }

    /// <summary>Bytes of queued output below which both go on again, at most <see cref="HighWaterMark"/>; default: half of that.</summary>
    public int LowWaterMark { get => _lowWaterMark ?? Math.Max(1, HighWaterMark / 2); init => _lowWaterMark = Setting.Positive(value); }

    /// <summary>Bytes of queued output past which the connection is aborted with <see cref="SlowConsumerException"/>;
    /// default 16 MiB.</summary>
    public long MaxPendingBytes { get => _maxPendingBytes; init => _maxPendingBytes = Setting.Positive(value); }

    /// <summary>How long a disposed connection waits for progress: for its peer to take more of the output, and, when it has all,
    /// for its FIN; default 5 s. As long as bytes leave, a close may take its time. A peer that takes nothing more is reset.</summary>
    public TimeSpan CloseTimeout { get => _closeTimeout; init => _closeTimeout = Setting.Positive(value); }

    /// <summary>What is set on the socket; default: as <see cref="SocketOptions"/> says.</summary>
    public SocketOptions Socket { get; init; } = SocketOptions.Default;

    /// <summary>TLS: <see cref="TlsClientOptions"/> for whoever dials, <see cref="TlsServerOptions"/> for whoever is dialled. Null, the default:
    /// plain text.</summary>
    /// <remarks>A dial, a listener or a service gives nobody a connection before both sides have agreed; one that <c>Tcp.Over</c> makes is there
    /// at once, and sends and receives when they have.</remarks>
    public TlsOptions? Tls { get; init; }

    /// <summary>Lays something over the transport of each connection, below <see cref="Tls"/>, on the hub, before anything else is done with it: what
    /// records or slows the traffic. Null, the default: nothing.</summary>
    /// <remarks>It gets the transport, not started, and the connection's hub, and returns an <see cref="ITransport"/> that keeps
    /// the same contract. What it throws ends the connection, and so does an <see cref="ILayer"/> that cannot be opened; until one is open
    /// nothing is sent or received, and a dial, a listener or a service gives nobody the connection. What is to lie over TLS is laid here, too:
    /// <c>(transport, hub) =&gt; wiretap.Tap(tls.Lay(transport, hub), hub)</c>, without <see cref="Tls"/>.</remarks>
    public Func<ITransport, Hub, ITransport>? Layer { get; init; }

    internal static ConnectionOptions Default { get; } = new();

    /// <summary>What no property can say alone; for the calls that take options.</summary>
    /// <exception cref="ArgumentException">The marks are the wrong way round.</exception>
    internal void ThrowIfContradictory()
    {
        if (LowWaterMark > HighWaterMark)
        {
            throw new ArgumentException(
                $"{nameof(LowWaterMark)} ({LowWaterMark}) must not be above {nameof(HighWaterMark)} ({HighWaterMark}): leave it out, and it is half of that.");
        }

        Tls?.ThrowIfIncomplete();
    }

    /// <summary>What has to agree with the peer's before the transport, with its layers, carries anything; null: nothing.</summary>
    internal ILayer? AgreementOf(ITransport transport) =>
        transport as ILayer ?? (Layer is null && Tls is null ? null : transport.Feature<ILayer>());

    /// <summary>The transport with its <see cref="Layer"/> and <see cref="Tls"/>; what cannot be laid resets the connection.</summary>
    /// <param name="transport">Not started.</param>
    /// <param name="hub">The connection's.</param>
    /// <param name="host">The host that was dialled; null: none, or an address.</param>
    internal ITransport LayOver(ITransport transport, Hub hub, string? host)
    {
        try
        {
            var layered = Layer is null ? transport : Layer(transport, hub)
                ?? throw new InvalidOperationException($"{nameof(Layer)} gave null for the transport of {transport}.");
            return Tls is null ? layered : Tls.Lay(layered, hub, host);
        }
        catch
        {
            transport.Abort();
            throw;
        }
    }
}

/// <summary>How options are handed over.</summary>
internal static class GivenOptions
{
    /// <summary>The options as given, or the defaults.</summary>
    /// <exception cref="ArgumentException">They contradict themselves.</exception>
    public static T Or<T>(this T? options, T defaults)
        where T : ConnectionOptions
    {
        options?.ThrowIfContradictory();
        return options ?? defaults;
    }
}
