using System.Runtime.CompilerServices;
using Diesel.Reactive.Protocols.Dns;

namespace Diesel.Reactive.Protocols.MongoDB;

/// <summary>Who logs in how.</summary>
public enum MongoMechanism
{
    /// <summary>A password that is not sent, with SHA-256 (RFC 7677).</summary>
    ScramSha256,

    /// <summary>A password that is not sent, with SHA-1 (RFC 5802).</summary>
    ScramSha1,

    /// <summary>A password that is sent: over TLS only.</summary>
    Plain,

    /// <summary>The client's certificate.</summary>
    X509,
}

/// <summary>Who connects to MongoDB, and what bounds the client.</summary>
public sealed record MongoOptions : TcpConnectOptions
{
    private readonly TimeSpan _timeout = TimeSpan.FromSeconds(5);
    private readonly int _maxPoolSize = 100;
    private readonly int _minPoolSize;
    private readonly int _maxConnecting = 2;
    private readonly int _maxWaiting = 10_000;
    private readonly TimeSpan _maxIdleTime = System.Threading.Timeout.InfiniteTimeSpan;
    private readonly string? _applicationName;

    /// <summary>Makes the defaults: output for the largest message there may be.</summary>
    public MongoOptions() => MaxPendingBytes = 128 * 1024 * 1024;

    /// <summary>Who logs in; null: nobody does.</summary>
    public string? User { get; init; }

    /// <summary>The secret.</summary>
    public string? Password { get; init; }

    /// <summary>How; null: as the server offers, SHA-256 first.</summary>
    public MongoMechanism? Mechanism { get; init; }

    /// <summary>The database that knows the user; null: <c>admin</c>, or <c>$external</c> where the mechanism wants that.</summary>
    public string? AuthSource { get; init; }

    /// <summary>What the server's log calls the client; at most 128 bytes. Null: nothing.</summary>
    /// <exception cref="ArgumentException">It is longer.</exception>
    public string? ApplicationName
    {
        get => _applicationName;
        init => _applicationName = value is null || System.Text.Encoding.UTF8.GetByteCount(value) <= 128 ? value
            : throw new ArgumentException($"{nameof(ApplicationName)} has more than 128 bytes.", nameof(ApplicationName));
    }

    /// <summary>How long a call may take: waiting for a connection, connecting, and the reply together; of a cursor, each request it sends. The server is told
    /// what is left of it (<c>maxTimeMS</c>). <see cref="System.Threading.Timeout.InfiniteTimeSpan"/>: for ever. Default 5 s.</summary>
    public TimeSpan Timeout { get => _timeout; init => _timeout = Positive(value); }

    /// <summary>Connections at most. Default 100.</summary>
    public int MaxPoolSize { get => _maxPoolSize; init => _maxPoolSize = AtLeast(value, 1); }

    /// <summary>Connections that are kept open, once the client has been used. Default 0.</summary>
    public int MinPoolSize { get => _minPoolSize; init => _minPoolSize = AtLeast(value, 0); }

    /// <summary>Connections that are being opened at a time. Default 2.</summary>
    public int MaxConnecting { get => _maxConnecting; init => _maxConnecting = AtLeast(value, 1); }

    /// <summary>Calls that may wait for a connection; one more fails. Default 10 000.</summary>
    public int MaxWaiting { get => _maxWaiting; init => _maxWaiting = AtLeast(value, 0); }

    /// <summary>How long a connection may be unused before it is closed. Default: for ever.</summary>
    public TimeSpan MaxIdleTime { get => _maxIdleTime; init => _maxIdleTime = Positive(value); }

    /// <summary>How messages are compressed, if the server can; default: not.</summary>
    public MongoCompressor Compressor { get; init; }

    /// <summary>Whether reading is tried once more when a connection was lost, or the server says that it may be. Default true.</summary>
    public bool RetryReads { get; init; } = true;

    /// <summary>When something counts as written; null: as the server says.</summary>
    public WriteConcern? WriteConcern { get; init; }

    /// <summary>How certain what is read has to be; null: as the server says.</summary>
    public ReadConcern? ReadConcern { get; init; }

    /// <summary>What the server is told of where reads may go: a mongos chooses by it. Default: the primary.</summary>
    public ReadPreference ReadPreference { get; init; } = ReadPreference.Primary;

    /// <summary>Whom a client asks for the servers of <c>mongodb+srv</c>; null: whom the system asks. It stays its owner's.</summary>
    public Resolver? Resolver { get; init; }

    /// <summary>The database that knows the user.</summary>
    internal string LogInAt => AuthSource ?? (Mechanism is MongoMechanism.Plain or MongoMechanism.X509 ? "$external" : "admin");

    /// <summary>The options without their secret.</summary>
    public override string ToString() =>
        $"{nameof(MongoOptions)} {{ {nameof(User)} = {User}, {nameof(Password)} = {(Password is null ? "" : "***")}, {nameof(AuthSource)} = {AuthSource}, {nameof(Tls)} = {Tls is not null} }}";

    private static int AtLeast(int value, int least, [CallerMemberName] string name = "") =>
        value >= least ? value : throw new ArgumentOutOfRangeException(name, value, $"{name} is at least {least}.");

    private static TimeSpan Positive(TimeSpan value, [CallerMemberName] string name = "") =>
        value == System.Threading.Timeout.InfiniteTimeSpan || value > TimeSpan.Zero ? value : throw new ArgumentOutOfRangeException(
            name, value, $"{name} must be greater than zero, or Timeout.InfiniteTimeSpan for no limit.");
}
