using System.Net;
using System.Runtime.CompilerServices;

namespace Diesel.Reactive;

/// <summary>What is set on a socket when it is made. What does not concern its kind is ignored, and so is what a network in memory has no
/// counterpart of.</summary>
public sealed record SocketOptions
{
    private readonly int _backlog = 512;
    private readonly TimeSpan? _keepAlive;
    private readonly TimeSpan? _keepAliveInterval;
    private readonly int? _keepAliveCount;
    private readonly TimeSpan? _userTimeout;

    /// <summary>Sends small writes at once instead of waiting for more (TCP_NODELAY); default true.</summary>
    public bool NoDelay { get; init; } = true;

    /// <summary>Dials: the address and port to connect from; null lets the system choose. From a given port a host's
    /// addresses are dialled one after the other, each when the one before has failed. Idea: diesel's <c>source_ip</c>.</summary>
    public EndPoint? LocalEndPoint { get; init; }

    /// <summary>Connections: for how long nothing may come before the system asks the peer's whether it is still there (SO_KEEPALIVE,
    /// TCP_KEEPIDLE); in whole seconds, from 1 s to 32 767 s. Null, the default: it never asks, and a peer that has vanished while this
    /// side waits is never missed.</summary>
    /// <exception cref="ArgumentOutOfRangeException">It is shorter or longer.</exception>
    /// <remarks>Source: RFC 9293, section 3.8.4.</remarks>
    public TimeSpan? KeepAlive { get => _keepAlive; init => _keepAlive = Setting.Seconds(value); }

    /// <summary>With <see cref="KeepAlive"/>: how long it waits for an answer before it asks again (TCP_KEEPINTVL), from 1 s to 32 767 s.
    /// Null, the default: as the system has it; on Linux 75 s.</summary>
    /// <exception cref="ArgumentOutOfRangeException">It is shorter or longer.</exception>
    public TimeSpan? KeepAliveInterval { get => _keepAliveInterval; init => _keepAliveInterval = Setting.Seconds(value); }

    /// <summary>With <see cref="KeepAlive"/>: how often it asks in vain before the connection fails (TCP_KEEPCNT), from 1 to 127. Null, the
    /// default: as the system has it; on Linux 9.</summary>
    /// <exception cref="ArgumentOutOfRangeException">It is less or more.</exception>
    public int? KeepAliveCount
    {
        get => _keepAliveCount;
        init => _keepAliveCount = value is null or (>= 1 and <= 127) ? value
            : throw new ArgumentOutOfRangeException(nameof(KeepAliveCount), value, $"{nameof(KeepAliveCount)} is from 1 to 127.");
    }

    /// <summary>Connections: for how long what was sent may stay unacknowledged, or what is to be sent without room, before the connection
    /// fails (TCP_USER_TIMEOUT). Null, the default: as the system has it; on Linux about 15 minutes.</summary>
    /// <exception cref="ArgumentOutOfRangeException">It is less than a millisecond, or more than 24 days.</exception>
    /// <remarks>Linux only; elsewhere the dial or the listener fails with <see cref="PlatformNotSupportedException"/>. With
    /// <see cref="KeepAlive"/> it takes the place of the count. Source: RFC 5482.</remarks>
    public TimeSpan? UserTimeout
    {
        get => _userTimeout;
        init => _userTimeout = value is null || (value >= TimeSpan.FromMilliseconds(1) && value <= TimeSpan.FromMilliseconds(int.MaxValue)) ? value
            : throw new ArgumentOutOfRangeException(nameof(UserTimeout), value, $"{nameof(UserTimeout)} is from 1 ms to 24 days.");
    }

    /// <summary>Saves a round trip where it can: a client that was here before sends its first bytes with its SYN (TCP Fast Open). Default
    /// false.</summary>
    /// <remarks>Linux; where the system does not have it, or has it switched off (<c>net.ipv4.tcp_fastopen</c>), connections are made as
    /// without it, and nothing is said. Those first bytes may reach a server twice, so it is for requests that do no harm then. A dial to
    /// a server that is known succeeds at once, and nothing leaves before the first write: it is for protocols in which the client speaks
    /// first, and that nobody is there is told by its first read. Source: RFC 7413, section 6.1.</remarks>
    public bool FastOpen { get; init; }

    /// <summary>Listeners: connections the kernel completes ahead of being accepted; default 512.</summary>
    public int Backlog { get => _backlog; init => _backlog = Setting.Positive(value); }

    /// <summary>Listeners: lets several share the port, each with a backlog of its own (SO_REUSEPORT); all of them must ask for it. At a
    /// Unix socket's path they are listeners of this process, and share the backlog, too. Linux only; default false.</summary>
    public bool ReusePort { get; init; }

    /// <summary>Listeners and datagrams at the path of a Unix socket: the mode of its file, set before anybody can use it; who has write permission may.
    /// Null, the default: what the process's umask leaves.</summary>
    public UnixFileMode? FileMode { get; init; }

    /// <summary>Datagrams: whether they may be sent to broadcast addresses; default false.</summary>
    public bool EnableBroadcast { get; init; }

    internal static SocketOptions Default { get; } = new();
}

/// <summary>Checks of options.</summary>
internal static class Setting
{
    /// <exception cref="ArgumentOutOfRangeException">The value is zero or less.</exception>
    public static T Positive<T>(T value, [CallerMemberName] string name = "")
        where T : struct, IComparable<T> =>
        value.CompareTo(default) > 0 ? value : throw new ArgumentOutOfRangeException(name, value, $"{name} must be greater than zero.");

    /// <summary>A length of time, or <see cref="Timeout.InfiniteTimeSpan"/>: no limit.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is zero or less, and not infinite.</exception>
    public static TimeSpan PositiveOrInfinite(TimeSpan value, [CallerMemberName] string name = "") =>
        value == Timeout.InfiniteTimeSpan || value > TimeSpan.Zero ? value : throw new ArgumentOutOfRangeException(
            name, value, $"{name} must be greater than zero, or Timeout.InfiniteTimeSpan for no limit.");

    /// <summary>What the system counts in seconds of 16 bits.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is less than a second, or more than 32 767.</exception>
    public static TimeSpan? Seconds(TimeSpan? value, [CallerMemberName] string name = "") =>
        value is null || (value >= TimeSpan.FromSeconds(1) && value <= TimeSpan.FromSeconds(short.MaxValue)) ? value
            : throw new ArgumentOutOfRangeException(name, value, $"{name} is from 1 s to 32767 s.");
}
