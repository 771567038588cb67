using System.Net;
using System.Runtime.CompilerServices;

namespace Diesel.Reactive;

/// <summary>What is set on a socket when it is made. What does not concern its kind is ignored.</summary>
public sealed record SocketOptions
{
    private readonly int _backlog = 512;

    /// <summary>Sends small writes at once instead of waiting for more (TCP_NODELAY); default true.</summary>
    public bool NoDelay { get; init; } = true;

    /// <summary>Dials: the address and port to connect from; null lets the system choose. From a given port a host's
    /// addresses are dialled one after the other, each when the one before has failed. Source: diesel's <c>source_ip</c>.</summary>
    public EndPoint? LocalEndPoint { get; init; }

    /// <summary>Listeners: connections the kernel completes ahead of being accepted; default 512.</summary>
    public int Backlog { get => _backlog; init => _backlog = Setting.Positive(value); }

    /// <summary>Listeners: lets several share the port, each with a backlog of its own (SO_REUSEPORT); all of them must ask for it. At a
    /// Unix socket's path they are listeners of this process, and share the backlog, too. Linux only; default false.</summary>
    public bool ReusePort { get; init; }

    /// <summary>Listeners at the path of a Unix socket: the mode of its file, set before anybody can connect; who has write permission may.
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
}
