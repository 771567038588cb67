namespace Diesel.Reactive.AspNetCore;

/// <summary>How connections of ASP.NET Core live on a hub.</summary>
public sealed record HubTransportOptions
{
    private readonly int _maxUnaccepted = 512;

    /// <summary>Where they live; null, the default: the hub that programs share.</summary>
    public Hub? Hub { get; init; }

    /// <summary>Bounds of each connection, its socket's settings, what is laid over it; default: as <see cref="ConnectionOptions"/> says. When it dials, timeouts
    /// too: give <see cref="TcpConnectOptions"/>.</summary>
    public ConnectionOptions Connections { get; init; } = new();

    /// <summary>Connections a listener holds that the server has not taken; further peers wait in the system's backlog. Default 512.</summary>
    /// <exception cref="ArgumentOutOfRangeException">It is not positive.</exception>
    public int MaxUnaccepted
    {
        get => _maxUnaccepted;
        init
        {
            ArgumentOutOfRangeException.ThrowIfNegativeOrZero(value, nameof(MaxUnaccepted));
            _maxUnaccepted = value;
        }
    }

    internal Hub HubOrDefault => Hub ?? Diesel.Reactive.Hub.Default;
}
