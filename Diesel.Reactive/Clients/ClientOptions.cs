namespace Diesel.Reactive;

/// <summary>How a <see cref="Client"/> dials, and what bounds its calls.</summary>
public record ClientOptions : TcpConnectOptions
{
    private readonly int _maxQueuedCalls = 10_000;

    /// <summary>Calls that may wait for their turn; one more fails with <see cref="InvalidOperationException"/>. Default
    /// 10 000.</summary>
    public int MaxQueuedCalls { get => _maxQueuedCalls; init => _maxQueuedCalls = Setting.Positive(value); }

    /// <summary>One frame of what the server may say between calls, unasked; its value tells whether it is no more than chatter.
    /// Default null: any unasked byte is one too many.</summary>
    /// <remarks>Whole frames that give true are dropped. Anything else that was not read by the call it came to, or comes when there
    /// is none (a frame that gives false, bytes that are no frame, half a frame when the next call begins) could be taken for
    /// that call's answer, so the connection is closed and the call gets a new one. Example:
    /// <c>Framing.Lines().Select(line =&gt; line.StartsWith("* "))</c>.</remarks>
    public Framing<bool>? Tolerates { get; init; }

    /// <summary>How the client comes back when its server cannot be reached: calls wait meanwhile, and dials are spaced. Default null: each
    /// call that finds no connection tries once, and fails when that does.</summary>
    public ReconnectOptions? Reconnect { get; init; }

    internal static new ClientOptions Default { get; } = new();
}
