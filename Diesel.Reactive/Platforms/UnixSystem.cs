using System.Net;
using System.Net.Sockets;
using System.Runtime.InteropServices;

namespace Diesel.Reactive;

/// <summary>What Linux knows of Unix sockets besides their bytes.</summary>
internal static unsafe partial class UnixSystem
{
    private const int SocketLevel = 1;
    private const int CredentialsOption = 17;
    private const int AcceptsOption = 30;
    private const int Family = 1;
    private const int FamilyLength = sizeof(ushort);
    private const int DuplicateCloseOnExec = 1030;
    private const int SetFlags = 2;
    private const short PeerEnded = 0x2000;
    private const short HungUp = 0x10;

    public static bool IsUnix(this EndPoint endPoint) => endPoint is UnixDomainSocketEndPoint;

    /// <summary>The endpoint of a native address; null: it is another kind's.</summary>
    public static EndPoint? EndPointOf(ReadOnlySpan<byte> native)
    {
        if (native.Length < FamilyLength || MemoryMarshal.Read<ushort>(native) != Family)
        {
            return null;
        }

        if (native.Length == FamilyLength)
        {
            return EndPoints.Unnamed;
        }

        // The kernel may count a zero behind the longest path, which no address of .NET's has room for.
        var address = new SocketAddress(AddressFamily.Unix);
        address.Size = Math.Min(native.Length, address.Size);
        native[..address.Size].CopyTo(address.Buffer.Span);
        return EndPoints.Unnamed.Create(address);
    }

    /// <summary>What is known of a connection's peer.</summary>
    public static T? Feature<T>(EndPoint remote, nint descriptor)
        where T : class => typeof(T) == typeof(PeerCredentials) && remote.IsUnix() ? Credentials((int)descriptor) as T : null;

    /// <summary>Whether the peer has ended its side, read or not, or the connection is over.</summary>
    public static bool HasPeerEnded(int descriptor)
    {
        var asked = new PollRequest { Descriptor = descriptor, Events = PeerEnded };
        return Poll(&asked, 1, 0) > 0 && (asked.Found & (PeerEnded | HungUp)) != 0;
    }

    /// <summary>Whether a socket was told to listen.</summary>
    public static bool Listens(nint descriptor)
    {
        int listens = 0, length = sizeof(int);
        return GetOption((int)descriptor, SocketLevel, AcceptsOption, &listens, &length) == 0 && listens != 0;
    }

    /// <summary>Another descriptor of the same socket.</summary>
    /// <exception cref="SocketException">There are none left.</exception>
    public static SafeSocketHandle Duplicate(nint descriptor) =>
        Control((int)descriptor, DuplicateCloseOnExec, 0) is >= 0 and var copy
            ? new SafeSocketHandle(copy, ownsHandle: true)
            : throw new SocketException((int)SocketError.TooManyOpenSockets);

    /// <summary>The same socket as one that .NET has not bound: it would remove the file of that whoever has made it.</summary>
    public static Socket Forget(Socket socket)
    {
#pragma warning disable CA1816 // This object is to do nothing more, also when it is collected.
        GC.SuppressFinalize(socket);
#pragma warning restore CA1816
        var handle = socket.SafeHandle.DangerousGetHandle();
        socket.SafeHandle.SetHandleAsInvalid();
        return new Socket(new SafeSocketHandle(handle, ownsHandle: true));
    }

    /// <summary>Limits what the file of a socket may be used for that is not bound yet: it never has a wider mode, not for a moment.</summary>
    public static void Restrict(nint descriptor, UnixFileMode mode)
    {
        if (OperatingSystem.IsLinux())
        {
            _ = ChangeMode((int)descriptor, (uint)mode);
        }
    }

    /// <summary>Gives a socket an abstract name that no other has, so that it can be answered.</summary>
    /// <exception cref="SocketException">There is none left.</exception>
    public static void BindAnywhere(nint descriptor)
    {
        ushort family = Family;
        if (Bind((int)descriptor, &family, FamilyLength) < 0)
        {
            throw new SocketException((int)SocketError.AddressAlreadyInUse);
        }
    }

    /// <summary>Keeps a descriptor from programs that this one starts.</summary>
    public static void CloseOnExec(int descriptor) => _ = Control(descriptor, SetFlags, 1);

    private static PeerCredentials? Credentials(int descriptor)
    {
        var peer = default(UserCredentials);
        var length = sizeof(UserCredentials);
        return OperatingSystem.IsLinux() && GetOption(descriptor, SocketLevel, CredentialsOption, &peer, &length) == 0
            ? new PeerCredentials(peer.Process, peer.User, peer.Group)
            : null;
    }

    [LibraryImport("libc", EntryPoint = "getsockopt")]
    private static partial int GetOption(int descriptor, int level, int option, void* value, int* length);

    [LibraryImport("libc", EntryPoint = "bind")]
    private static partial int Bind(int descriptor, void* address, int length);

    [LibraryImport("libc", EntryPoint = "fchmod")]
    private static partial int ChangeMode(int descriptor, uint mode);

    [LibraryImport("libc", EntryPoint = "poll")]
    private static partial int Poll(PollRequest* requests, nuint count, int milliseconds);

    [LibraryImport("libc", EntryPoint = "fcntl")]
    private static partial int Control(int descriptor, int command, int argument);

    /// <summary>struct ucred.</summary>
    private struct UserCredentials
    {
        public int Process;
        public uint User;
        public uint Group;
    }

    /// <summary>struct pollfd.</summary>
    private struct PollRequest
    {
        public int Descriptor;
        public short Events;
        public short Found;
    }
}
