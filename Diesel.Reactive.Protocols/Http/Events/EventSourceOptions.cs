namespace Diesel.Reactive.Protocols.Http;

/// <summary>How an <see cref="EventSource"/> connects, and comes back.</summary>
public sealed record EventSourceOptions
{
    private readonly TimeSpan _retry = TimeSpan.FromSeconds(3);
    private readonly TimeSpan _maxRetry = TimeSpan.FromMinutes(1);
    private readonly TimeSpan _answerTimeout = TimeSpan.FromSeconds(30);
    private readonly TimeSpan _idleTimeout = Timeout.InfiniteTimeSpan;
    private readonly int _maxEvent = 1024 * 1024;

    /// <summary>How to dial: time limits, a proxy, TLS. Of <c>https://</c> without TLS options the defaults hold: the certificate is checked.</summary>
    public TcpConnectOptions Connect { get; init; } = new();

    /// <summary>What goes with the request: <c>Cookie</c>, <c>Authorization</c>. To another origin a redirect does not take it along.</summary>
    public HttpHeaders Headers { get; init; }

    /// <summary>Where to begin: the id of the last event one has had before. Null, the default: at the present.</summary>
    public string? LastEventId { get; init; }

    /// <summary>How long to wait before coming back, until the server says otherwise; default 3 s. Doubled with each failure in a row.</summary>
    public TimeSpan Retry { get => _retry; init => _retry = Setting.Positive(value); }

    /// <summary>Where the doubling ends, and what a server can ask for; default 1 min.</summary>
    public TimeSpan MaxRetry { get => _maxRetry; init => _maxRetry = Setting.Positive(value); }

    /// <summary>How long the answer's head may take; default 30 s.</summary>
    public TimeSpan AnswerTimeout { get => _answerTimeout; init => _answerTimeout = Setting.PositiveOrInfinite(value); }

    /// <summary>A stream that is silent for so long, without even a comment, is taken for lost. Default
    /// <see cref="Timeout.InfiniteTimeSpan"/>: never.</summary>
    public TimeSpan IdleTimeout { get => _idleTimeout; init => _idleTimeout = Setting.PositiveOrInfinite(value); }

    /// <summary>Bytes of an event; default 1 MiB. A longer one ends the stream with <see cref="ProtocolException"/>.</summary>
    public int MaxEvent { get => _maxEvent; init => _maxEvent = Setting.Positive(value); }

    internal static EventSourceOptions Default { get; } = new();
}
