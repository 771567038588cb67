using System.ComponentModel;
using System.Runtime.InteropServices;

namespace Diesel.Reactive.Benchmarks.Harness;

/// <summary>Sockets as Linux has them: what a generator opens by the ten thousand must not cost it what .NET's sockets do.</summary>
internal static unsafe partial class RawSocket
{
    const int Inet = 2;
    const int NonBlockingFlag = 0x800;
    const int Blocking = 0;
    const int InProgress = 115;
    const int Interrupted = 4;
    const int WouldBlock = 11;
    const int IpLevel = 0;
    const int BindAddressNoPort = 24;
    const int TcpLevel = 6;
    const int NoDelay = 1;
    const int SocketLevel = 1;
    const int ErrorOption = 4;
    const int MsgTruncate = 0x20;
    const int ShutdownWrite = 1;
    const int SetFlags = 4;

    const uint FirstSource = 2;
    const uint Sources = 200;

    static uint _next;

    public enum Kind
    {
        Stream = 1,
        Datagram = 2,
    }

    /// <summary>Connects to a port of 127.0.0.1; a non-blocking stream goes on connecting. Each comes from another of 200
    /// addresses, so that the ports of one, held for a minute after each close, do not run out.</summary>
    public static int Connect(Kind kind, int port, bool nonBlocking)
    {
        var socket = Checked(Socket(Inet, (int)kind | (nonBlocking ? NonBlockingFlag : Blocking), 0));
        var on = 1;
        if (kind == Kind.Stream)
        {
            Checked(SetOption(socket, TcpLevel, NoDelay, &on, sizeof(int)));
            Checked(SetOption(socket, IpLevel, BindAddressNoPort, &on, sizeof(int)));
        }

        var source = Address(FirstSource + (_next++ % Sources), 0);
        Checked(Bind(socket, &source, sizeof(InetAddress)));
        var server = Address(1, port);
        if (Connect(socket, &server, sizeof(InetAddress)) < 0 && Marshal.GetLastPInvokeError() != InProgress)
        {
            throw new Win32Exception();
        }

        return socket;
    }

    /// <summary>Gives a datagram socket a port that the system draws, for the same peer: whoever is connected to nobody loses the one it had.</summary>
    public static void TakeAnotherPort(int socket, int peer)
    {
        var nobody = default(InetAddress);
        Checked(Connect(socket, &nobody, sizeof(InetAddress)));
        var server = Address(1, peer);
        Checked(Connect(socket, &server, sizeof(InetAddress)));
    }

    public static void ThrowIfNotConnected(int socket)
    {
        int error = 0, length = sizeof(int);
        Checked(GetOption(socket, SocketLevel, ErrorOption, &error, &length));
        if (error != 0)
        {
            throw new Win32Exception(error);
        }
    }

    public static int Send(int socket, byte* bytes, int length) => (int)Checked(Write(socket, bytes, (nuint)length));

    public static int Receive(int socket, byte* bytes, int length) => (int)Checked(Read(socket, bytes, (nuint)length));

    /// <summary>Takes bytes from a stream without copying them; -1 if there are none yet.</summary>
    public static int Discard(int socket, int length) => Moved(ReceiveFlags(socket, null, (nuint)length, MsgTruncate));

    /// <summary>Sends a file without copying it; -1 if the kernel has no room.</summary>
    public static int SendFile(int socket, int file, long offset, int length) =>
        Moved(SendFile(socket, file, &offset, (nuint)length));

    /// <summary>A file in memory.</summary>
    public static int MemoryFile(ReadOnlySpan<byte> content)
    {
        var file = Checked(MemoryFile("benchmark", 0));
        fixed (byte* bytes = content)
        {
            Checked(Write(file, bytes, (nuint)content.Length));
        }

        return file;
    }

    public static void SetBlocking(int socket, bool blocking) =>
        Checked(Control(socket, SetFlags, blocking ? Blocking : NonBlockingFlag));

    public static void EndOutput(int socket) => Checked(Shutdown(socket, ShutdownWrite));

    public static void Close(int descriptor) => _ = CloseDescriptor(descriptor);

    static int Moved(nint result) =>
        result >= 0 ? (int)result
        : Marshal.GetLastPInvokeError() is WouldBlock or Interrupted ? -1
        : throw new Win32Exception();

    static InetAddress Address(uint last, int port) => new()
    {
        Family = Inet,
        Port = (ushort)(((port & 0xff) << 8) | (port >> 8)),
        Bytes = 127 | (last << 24),
    };

    static int Checked(int result) => result >= 0 ? result : throw new Win32Exception();

    static nint Checked(nint result) => result >= 0 ? result : throw new Win32Exception();

    [LibraryImport("libc", EntryPoint = "socket", SetLastError = true)]
    private static partial int Socket(int family, int type, int protocol);

    [LibraryImport("libc", EntryPoint = "bind", SetLastError = true)]
    private static partial int Bind(int socket, InetAddress* address, int length);

    [LibraryImport("libc", EntryPoint = "connect", SetLastError = true)]
    private static partial int Connect(int socket, InetAddress* address, int length);

    [LibraryImport("libc", EntryPoint = "setsockopt", SetLastError = true)]
    private static partial int SetOption(int socket, int level, int option, void* value, int length);

    [LibraryImport("libc", EntryPoint = "getsockopt", SetLastError = true)]
    private static partial int GetOption(int socket, int level, int option, void* value, int* length);

    [LibraryImport("libc", EntryPoint = "read", SetLastError = true)]
    private static partial nint Read(int descriptor, void* buffer, nuint length);

    [LibraryImport("libc", EntryPoint = "write", SetLastError = true)]
    private static partial nint Write(int descriptor, void* buffer, nuint length);

    [LibraryImport("libc", EntryPoint = "recv", SetLastError = true)]
    private static partial nint ReceiveFlags(int socket, void* buffer, nuint length, int flags);

    [LibraryImport("libc", EntryPoint = "sendfile", SetLastError = true)]
    private static partial nint SendFile(int socket, int file, long* offset, nuint length);

    [LibraryImport("libc", EntryPoint = "fcntl", SetLastError = true)]
    private static partial int Control(int descriptor, int command, int argument);

    [LibraryImport("libc", EntryPoint = "memfd_create", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int MemoryFile(string name, uint flags);

    [LibraryImport("libc", EntryPoint = "shutdown", SetLastError = true)]
    private static partial int Shutdown(int socket, int how);

    [LibraryImport("libc", EntryPoint = "close", SetLastError = true)]
    private static partial int CloseDescriptor(int descriptor);

    [StructLayout(LayoutKind.Sequential)]
    struct InetAddress
    {
        public ushort Family;
        public ushort Port;
        public uint Bytes;
        public ulong Padding;
    }
}
