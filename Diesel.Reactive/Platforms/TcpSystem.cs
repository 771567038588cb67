using System.Net;
using System.Runtime.InteropServices;

namespace Diesel.Reactive;

/// <summary>What Linux knows of a connection besides its bytes; elsewhere nothing is known.</summary>
internal static unsafe partial class TcpSystem
{
    private const nuint OutputQueue = 0x5411;
    private const int TcpLevel = 6;
    private const int InfoOption = 11;
    private const byte TimeWait = 6;
    private const byte Closed = 7;
    private const byte CloseWait = 8;
    private const byte LastAck = 9;
    private const byte Closing = 11;

    /// <summary>Bytes in the system's send queue: not sent, or not acknowledged by the peer's system. At a Unix socket both sides are one
    /// system's, which has taken what it was given.</summary>
    public static long Untaken(int descriptor, EndPoint remote)
    {
        var count = 0;
        return OperatingSystem.IsLinux() && !remote.IsUnix() && Control(descriptor, OutputQueue, &count) == 0 ? count : 0;
    }

    /// <summary>Whether the peer's FIN has come, read or not, or the connection is over.</summary>
    public static bool HasPeerEnded(int descriptor)
    {
        byte state = 0;
        var length = sizeof(byte);
        return OperatingSystem.IsLinux() && (GetOption(descriptor, TcpLevel, InfoOption, &state, &length) == 0
            ? state is TimeWait or Closed or CloseWait or LastAck or Closing
            : UnixSystem.HasPeerEnded(descriptor));
    }

    [LibraryImport("libc", EntryPoint = "getsockopt")]
    private static partial int GetOption(int descriptor, int level, int option, void* value, int* length);

    [LibraryImport("libc", EntryPoint = "ioctl")]
    private static partial int Control(int descriptor, nuint request, int* value);
}
