using System.Net;
using System.Net.Sockets;
using System.Runtime.InteropServices;

namespace Diesel.Reactive;

/// <summary>Sets on TCP sockets what <see cref="SocketOptions"/> says of connections, beyond sending at once.</summary>
internal static partial class SocketTuning
{
    private const int SocketLevel = 1;
    private const int KeepAliveOption = 9;
    private const int TcpLevel = 6;
    private const int KeepAliveTimeOption = 4;
    private const int KeepAliveIntervalOption = 5;
    private const int KeepAliveCountOption = 6;
    private const int UserTimeoutOption = 18;
    private const int FastOpenOption = 23;
    private const int FastOpenConnectOption = 30;
    private const int IpLevel = 0;
    private const int BindWithoutPortOption = 24;

    /// <summary>Whether there is anything to set.</summary>
    public static bool IsTuned(SocketOptions options) =>
        options.KeepAlive is not null || options.UserTimeout is not null || options.FastOpen || options.LocalEndPoint is not null;

    /// <summary>Of one that is about to dial.</summary>
    /// <exception cref="SocketException">The system refuses.</exception>
    public static void TuneDial(int descriptor, SocketOptions options)
    {
        Tune(descriptor, options);
        if (options.LocalEndPoint is IPEndPoint { Port: 0 })
        {
            // Chosen when it is known where to, one port serves connections to several peers. Without it, one each.
            _ = TrySet(descriptor, IpLevel, BindWithoutPortOption, 1);
        }

        if (options.FastOpen)
        {
            _ = TrySet(descriptor, TcpLevel, FastOpenConnectOption, 1);
        }
    }

    /// <summary>Of one that is about to dial.</summary>
    /// <exception cref="SocketException">The system refuses.</exception>
    /// <exception cref="PlatformNotSupportedException">It does not know one.</exception>
    public static void TuneDial(Socket socket, SocketOptions options)
    {
        if (OperatingSystem.IsLinux())
        {
            TuneDial((int)socket.SafeHandle.DangerousGetHandle(), options);
        }
        else
        {
            TunePortably(socket, options);
        }
    }

    /// <summary>Of one that is about to listen; those it accepts inherit it.</summary>
    /// <exception cref="SocketException">The system refuses.</exception>
    /// <exception cref="PlatformNotSupportedException">It does not know one.</exception>
    public static void TuneListener(Socket socket, SocketOptions options)
    {
        if (!OperatingSystem.IsLinux())
        {
            TunePortably(socket, options);
            return;
        }

        var descriptor = (int)socket.SafeHandle.DangerousGetHandle();
        Tune(descriptor, options);
        if (options.FastOpen)
        {
            _ = TrySet(descriptor, TcpLevel, FastOpenOption, options.Backlog);
        }
    }

    private static void Tune(int descriptor, SocketOptions options)
    {
        if (options.KeepAlive is { } idle)
        {
            Set(descriptor, SocketLevel, KeepAliveOption, 1);
            Set(descriptor, TcpLevel, KeepAliveTimeOption, (int)idle.TotalSeconds);
            Set(descriptor, TcpLevel, KeepAliveIntervalOption, (int?)options.KeepAliveInterval?.TotalSeconds);
            Set(descriptor, TcpLevel, KeepAliveCountOption, options.KeepAliveCount);
        }

        Set(descriptor, TcpLevel, UserTimeoutOption, (int?)options.UserTimeout?.TotalMilliseconds);
    }

    private static void TunePortably(Socket socket, SocketOptions options)
    {
        if (options.UserTimeout is not null)
        {
            throw new PlatformNotSupportedException($"{nameof(SocketOptions.UserTimeout)} (TCP_USER_TIMEOUT) is known on Linux only: leave it out.");
        }

        if (options.KeepAlive is { } idle)
        {
            socket.SetSocketOption(SocketOptionLevel.Socket, SocketOptionName.KeepAlive, true);
            SetPortably(socket, SocketOptionName.TcpKeepAliveTime, (int)idle.TotalSeconds);
            SetPortably(socket, SocketOptionName.TcpKeepAliveInterval, (int?)options.KeepAliveInterval?.TotalSeconds);
            SetPortably(socket, SocketOptionName.TcpKeepAliveRetryCount, options.KeepAliveCount);
        }
    }

    private static void SetPortably(Socket socket, SocketOptionName option, int? value)
    {
        if (value is { } set)
        {
            socket.SetSocketOption(SocketOptionLevel.Tcp, option, set);
        }
    }

    private static void Set(int descriptor, int level, int option, int? value)
    {
        if (value is { } set && !TrySet(descriptor, level, option, set))
        {
            throw new SocketException((int)SocketError.ProtocolOption);
        }
    }

    private static unsafe bool TrySet(int descriptor, int level, int option, int value) => SetOption(descriptor, level, option, &value, sizeof(int)) == 0;

    [LibraryImport("libc", EntryPoint = "setsockopt")]
    private static unsafe partial int SetOption(int descriptor, int level, int option, void* value, int length);
}
