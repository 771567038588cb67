using System.Net;

namespace Diesel.Reactive;

/// <summary>How to dial.</summary>
public record TcpConnectOptions : ConnectionOptions
{
    private readonly TimeSpan _connectTimeout = TimeSpan.FromSeconds(15);

    /// <summary>How long finding the address and connecting may take together; default 15 s.</summary>
    public TimeSpan ConnectTimeout { get => _connectTimeout; init => _connectTimeout = Positive(value); }

    /// <summary>The address and port to connect from; null lets the system choose. Source: diesel's <c>source_ip</c>.</summary>
    public IPEndPoint? LocalEndPoint { get; init; }

    internal static TcpConnectOptions Default { get; } = new();
}
