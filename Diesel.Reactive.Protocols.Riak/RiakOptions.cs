using System.Runtime.CompilerServices;

namespace Diesel.Reactive.Protocols.Riak;

/// <summary>Who connects to Riak, and what bounds the client.</summary>
/// <remarks><see cref="ConnectionOptions.Tls"/>: Riak begins in clear text and is asked for TLS then (<c>StartTls</c>), on the same port. A client's certificate goes
/// there.</remarks>
public sealed record RiakOptions : TcpConnectOptions
{
    private readonly TimeSpan _timeout = TimeSpan.FromSeconds(5);
    private readonly TimeSpan _streamTimeout = TimeSpan.FromSeconds(60);
    private readonly TimeSpan _timeoutMargin = TimeSpan.FromMilliseconds(250);
    private readonly TimeSpan _errorHalfLife = TimeSpan.FromSeconds(10);
    private readonly TimeSpan _maxIdleTime = TimeSpan.FromMinutes(1);
    private readonly int _attempts = 3;
    private readonly int _maxPoolSize = 100;
    private readonly int _maxConnecting = 10;
    private readonly int _maxWaiting = 10_000;
    private readonly int _maxFrame = RiakCodec.MaxLength;

    /// <summary>Makes the defaults: output for the largest message there may be.</summary>
    public RiakOptions() => MaxPendingBytes = 2L * RiakCodec.MaxLength;

    /// <summary>Who logs in, within TLS only; null: nobody does.</summary>
    public string? User { get; init; }

    /// <summary>The secret; null where the certificate is enough.</summary>
    public string? Password { get; init; }

    /// <summary>What connections call themselves; null: nothing.</summary>
    public Bytes? ClientId { get; init; }

    /// <summary>How long a call may take: waiting for a connection, connecting, all attempts and the reply together. Where a request has a field for it, the node is told what
    /// is left of it, less <see cref="TimeoutMargin"/>. <see cref="System.Threading.Timeout.InfiniteTimeSpan"/>: for ever. Default 5 s.</summary>
    public TimeSpan Timeout { get => _timeout; init => _timeout = Positive(value); }

    /// <summary>How long a node may take for all of a stream, which it is told, and how long it may be silent in one (with <see cref="TimeoutMargin"/>). Default 60 s.</summary>
    public TimeSpan StreamTimeout { get => _streamTimeout; init => _streamTimeout = Positive(value); }

    /// <summary>How much earlier the node gives up than this side does, so that its own error wins. Default 250 ms.</summary>
    public TimeSpan TimeoutMargin { get => _timeoutMargin; init => _timeoutMargin = Positive(value); }

    /// <summary>How often a call is tried at most: reading, and what may be repeated; of other writes, as long as nothing was sent. Default 3.</summary>
    public int Attempts { get => _attempts; init => _attempts = AtLeast(value, 1); }

    /// <summary>After how long half of a node's errors is forgotten. One error rests a node for that long, as long as others are well. Default 10 s.</summary>
    public TimeSpan ErrorHalfLife { get => _errorHalfLife; init => _errorHalfLife = Positive(value); }

    /// <summary>Connections to each node at most; each has one call at a time. Default 100.</summary>
    public int MaxPoolSize { get => _maxPoolSize; init => _maxPoolSize = AtLeast(value, 1); }

    /// <summary>Connections to a node that are being opened at a time. Default 10.</summary>
    public int MaxConnecting { get => _maxConnecting; init => _maxConnecting = AtLeast(value, 1); }

    /// <summary>Calls that may wait for a connection to a node; one more fails. Default 10 000.</summary>
    public int MaxWaiting { get => _maxWaiting; init => _maxWaiting = AtLeast(value, 0); }

    /// <summary>How long a connection may be unused before it is closed. Default one minute.</summary>
    public TimeSpan MaxIdleTime { get => _maxIdleTime; init => _maxIdleTime = Positive(value); }

    /// <summary>Bytes of a reply's frame at most: more ends the connection. Default 64 MiB, and no more than that.</summary>
    public int MaxFrame
    {
        get => _maxFrame;
        init => _maxFrame = value is > 0 and <= RiakCodec.MaxLength ? value
            : throw new ArgumentOutOfRangeException(nameof(MaxFrame), value, $"{nameof(MaxFrame)} is from 1 to {RiakCodec.MaxLength}.");
    }

    /// <summary>The options without their secret.</summary>
    public override string ToString() =>
        $"{nameof(RiakOptions)} {{ {nameof(User)} = {User}, {nameof(Password)} = {(Password is null ? "" : "***")}, {nameof(Tls)} = {Tls is not null} }}";

    private static int AtLeast(int value, int least, [CallerMemberName] string name = "") =>
        value >= least ? value : throw new ArgumentOutOfRangeException(name, value, $"{name} is at least {least}.");

    private static TimeSpan Positive(TimeSpan value, [CallerMemberName] string name = "") =>
        value == System.Threading.Timeout.InfiniteTimeSpan || value > TimeSpan.Zero ? value : throw new ArgumentOutOfRangeException(
            name, value, $"{name} must be greater than zero, or Timeout.InfiniteTimeSpan for no limit.");
}

/// <summary>What holds of calls, by <see cref="RiakClient.With"/>.</summary>
public sealed record RiakCallOptions
{
    /// <summary>As <see cref="RiakOptions.Timeout"/>.</summary>
    public TimeSpan Timeout { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>As <see cref="RiakOptions.StreamTimeout"/>, of what the node is told.</summary>
    public TimeSpan StreamTimeout { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>As <see cref="RiakOptions.Attempts"/>.</summary>
    public int Attempts { get; init; } = 3;

    internal TimeSpan Margin { get; init; }

    internal static RiakCallOptions Of(RiakOptions options) => new()
    {
        Timeout = options.Timeout, StreamTimeout = options.StreamTimeout, Attempts = options.Attempts, Margin = options.TimeoutMargin,
    };
}
