using System.Net;

namespace Diesel.Reactive;

/// <summary>How to listen.</summary>
public record TcpListenOptions : ConnectionOptions
{
    private readonly int _backlog = 512;

    /// <summary>Connections the kernel completes ahead of being accepted; default 512.</summary>
    public int Backlog { get => _backlog; init => _backlog = Positive(value); }

    /// <summary>Called, on the subscriber's thread, with the endpoint once it listens: tells the port when 0 was asked for.</summary>
    public Action<EndPoint>? Listening { get; init; }

    /// <summary>Lets several listeners share the port, each with a backlog of its own (SO_REUSEPORT); all of them must ask
    /// for it. Linux only; default false. <see cref="TcpServiceGroup"/> does it for you.</summary>
    public bool ReusePort { get; init; }

    internal static TcpListenOptions Default { get; } = new();
}
