namespace Diesel.Reactive;

/// <summary>How to dial.</summary>
public record TcpConnectOptions : ConnectionOptions
{
    private readonly TimeSpan _connectTimeout = TimeSpan.FromSeconds(15);

    /// <summary>How long finding the address and connecting may take together; default 15 s.</summary>
    public TimeSpan ConnectTimeout { get => _connectTimeout; init => _connectTimeout = Setting.Positive(value); }

    internal static new TcpConnectOptions Default { get; } = new();
}
