using System.Net;
using System.Net.Sockets;
using System.Runtime.InteropServices;

namespace Diesel.Reactive;

/// <summary>What is asked of a socket's descriptor besides reading and writing.</summary>
internal static unsafe class Descriptors
{
    private const int SocketLevel = 1;
    private const int ErrorOption = 4;
    private const int LingerOption = 13;
    private const int UrgentInlineOption = 10;
    private const int TcpLevel = 6;
    private const int NoDelayOption = 1;
    private const int LargestAddress = EndPointCache.Capacity;
    private const int StreamSocket = 1;

    private unsafe delegate int AddressCall(int descriptor, void* address, int length);

    public static SocketError TakeError(int descriptor)
    {
        int error = 0, length = sizeof(int);
        _ = Libc.GetSocketOption(descriptor, SocketLevel, ErrorOption, &error, &length);
        return error == 0 ? SocketError.Success : ErrorOf(error);
    }

    /// <summary>Whether a read would find the peer's FIN, and no byte before it.</summary>
    public static bool HasNothingLeft(int descriptor)
    {
        byte one;
        return Libc.Receive(descriptor, &one, 1, Libc.Peek) == 0;
    }

    public static void SetNoDelay(int descriptor)
    {
        var on = 1;
        _ = Libc.SetSocketOption(descriptor, TcpLevel, NoDelayOption, &on, sizeof(int));
    }

    private static void ReadUrgentInline(int descriptor)
    {
        var on = 1;
        _ = Libc.SetSocketOption(descriptor, SocketLevel, UrgentInlineOption, &on, sizeof(int));
    }

    public static void ResetOnClose(int descriptor)
    {
        var linger = stackalloc int[] { 1, 0 };
        _ = Libc.SetSocketOption(descriptor, SocketLevel, LingerOption, linger, 2 * sizeof(int));
    }

    public static EndPoint LocalEndPoint(int descriptor, EndPoint like)
    {
        var address = stackalloc byte[LargestAddress];
        var length = LargestAddress;
        return Libc.GetSocketName(descriptor, address, &length) == 0
            ? EndPointOf(new ReadOnlySpan<byte>(address, length), like)
            : new IPEndPoint(IPAddress.None, 0);
    }

    /// <summary>An endpoint in the system's form, for a socket of a family: one for both only takes addresses of the newer one.</summary>
    public static byte[] AddressOf(EndPoint endPoint, AddressFamily family)
    {
        var to = family == AddressFamily.InterNetworkV6 && endPoint is IPEndPoint { AddressFamily: AddressFamily.InterNetwork } v4
            ? new IPEndPoint(v4.Address.MapToIPv6(), v4.Port)
            : endPoint;
        var address = to.Serialize();
        return address.Buffer.Span[..address.Size].ToArray();
    }

    /// <summary>Accepts one connection.</summary>
    /// <returns>Its descriptor, or -1 with the reason in <see cref="Libc.LastError"/>.</returns>
    public static int Accept(int listener, EndPoint like, out EndPoint remote)
    {
        var address = stackalloc byte[LargestAddress];
        var length = LargestAddress;
        var descriptor = Libc.Accept(listener, address, &length, Libc.NonBlockingSocket | Libc.CloseOnExec);
        remote = descriptor >= 0 ? EndPointOf(new ReadOnlySpan<byte>(address, length), like) : like;
        return descriptor;
    }

    /// <summary>Begins to connect, without waiting.</summary>
    public static SocketError Dial(EndPoint remote, SocketOptions options, out int descriptor)
    {
        var address = remote.Serialize();
        descriptor = Libc.Socket(address.Buffer.Span[0] | (address.Buffer.Span[1] << 8), StreamSocket | Libc.NonBlockingSocket | Libc.CloseOnExec, 0);
        if (descriptor < 0)
        {
            return ErrorOf(Libc.LastError);
        }

        ReadUrgentInline(descriptor);
        if (options.NoDelay)
        {
            SetNoDelay(descriptor);
        }

        try
        {
            if (SocketTuning.IsTuned(options) && remote is IPEndPoint)
            {
                SocketTuning.TuneDial(descriptor, options);
            }
        }
        catch (SocketException refused)
        {
            return refused.SocketErrorCode;
        }

        if (options.LocalEndPoint is { } local && Call(local.Serialize(), descriptor, Libc.Bind) < 0)
        {
            return ErrorOf(Libc.LastError);
        }

        return Call(address, descriptor, Libc.Connect) < 0 && Libc.LastError is not (Libc.EINPROGRESS or Libc.EINTR)
            ? ErrorOf(Libc.LastError)
            : SocketError.Success;
    }

    /// <summary>The portable name of a Linux errno, as .NET's own sockets give it; but what the whole system is out of (ENFILE, ENOMEM)
    /// is no lack of this process.</summary>
    public static SocketError ErrorOf(int errno) => errno switch
    {
        2 => SocketError.AddressNotAvailable,
        4 => SocketError.Interrupted,
        9 or 125 => SocketError.OperationAborted,
        11 => SocketError.WouldBlock,
        13 or 1 => SocketError.AccessDenied,
        14 => SocketError.Fault,
        22 => SocketError.InvalidArgument,
        24 => SocketError.TooManyOpenSockets,
        32 => SocketError.Shutdown,
        61 => SocketError.NoData,
        88 => SocketError.NotSocket,
        89 => SocketError.DestinationAddressRequired,
        90 => SocketError.MessageSize,
        91 => SocketError.ProtocolType,
        92 => SocketError.ProtocolOption,
        93 => SocketError.ProtocolNotSupported,
        94 => SocketError.SocketNotSupported,
        95 => SocketError.OperationNotSupported,
        96 => SocketError.ProtocolFamilyNotSupported,
        97 => SocketError.AddressFamilyNotSupported,
        98 => SocketError.AddressAlreadyInUse,
        99 => SocketError.AddressNotAvailable,
        100 => SocketError.NetworkDown,
        101 => SocketError.NetworkUnreachable,
        102 => SocketError.NetworkReset,
        103 => SocketError.ConnectionAborted,
        104 => SocketError.ConnectionReset,
        23 or 105 or 12 => SocketError.NoBufferSpaceAvailable,
        106 => SocketError.IsConnected,
        107 => SocketError.NotConnected,
        108 => SocketError.Disconnecting,
        110 => SocketError.TimedOut,
        111 => SocketError.ConnectionRefused,
        112 => SocketError.HostDown,
        113 => SocketError.HostUnreachable,
        114 => SocketError.AlreadyInProgress,
        115 => SocketError.InProgress,
        _ => SocketError.SocketError,
    };

    public static EndPoint EndPointOf(ReadOnlySpan<byte> native, EndPoint like)
    {
        var family = native.Length < 2 ? AddressFamily.Unspecified : MemoryMarshal.Read<ushort>(native) switch
        {
            2 => AddressFamily.InterNetwork,
            10 => AddressFamily.InterNetworkV6,
            _ => AddressFamily.Unspecified,
        };
        if (family == AddressFamily.Unspecified)
        {
            return UnixSystem.EndPointOf(native) ?? like;
        }

        var address = new SocketAddress(family, native.Length);
        native.CopyTo(address.Buffer.Span);

        // An IPEndPoint only makes endpoints of its own family.
        return new IPEndPoint(family == AddressFamily.InterNetwork ? IPAddress.Any : IPAddress.IPv6Any, 0).Create(address);
    }

    private static int Call(SocketAddress address, int descriptor, AddressCall call)
    {
        fixed (byte* native = address.Buffer.Span)
        {
            return call(descriptor, native, address.Size);
        }
    }
}
