using System.Net;
using System.Net.Sockets;

namespace Diesel.Reactive;

/// <summary>Makes the system's sockets, whichever loop they are for.</summary>
internal static class SystemSockets
{
    /// <summary>A socket that listens.</summary>
    public static BoundSocket Listening(EndPoint local, SocketOptions options)
    {
        Socket? socket = null;
        try
        {
            if (local is SystemdSocket given)
            {
                return new BoundSocket(given.Open(SocketType.Stream), local);
            }

            if (local.IsUnix())
            {
                return SocketPlace.Listen(local, options);
            }

            socket = NewStream(local.AddressFamily);

            // On Unix, .NET sets SO_REUSEADDR for listeners by itself: a restarted server need not wait for TIME_WAIT.
            if (options.ReusePort)
            {
                SharePort(socket);
            }

            if (SocketTuning.IsTuned(options) && local is IPEndPoint)
            {
                SocketTuning.TuneListener(socket, options);
            }

            socket.Bind(local);
            socket.Listen(options.Backlog);
            return new BoundSocket(socket, local);
        }
        catch (SocketException error)
        {
            socket?.Dispose();
            throw SocketErrors.NotListening("listen at", local, error);
        }
        catch
        {
            socket?.Dispose();
            throw;
        }
    }

    /// <summary>A datagram socket, bound, and connected if there is a peer.</summary>
    public static BoundSocket Bound(EndPoint local, EndPoint? remote, SocketOptions options)
    {
        if (local is SystemdSocket given)
        {
            return new BoundSocket(given.Open(SocketType.Dgram), local);
        }

        BoundSocket? bound = null;
        try
        {
            bound = local.IsUnix() ? BoundToName(local, options) : new BoundSocket(BoundToAddress(local, options), local);
            bound.Socket.Blocking = false;
            if (remote is not null)
            {
                bound.Socket.Connect(remote);
            }

            return bound;
        }
        catch (SocketException error)
        {
            bound?.Dispose();
            throw remote is null ? SocketErrors.NotListening("bind to", local, error) : SocketErrors.NotConnected(remote, error);
        }
        catch
        {
            bound?.Dispose();
            throw;
        }
    }

    private static Socket BoundToAddress(EndPoint local, SocketOptions options)
    {
        var socket = new Socket(local.AddressFamily, SocketType.Dgram, ProtocolType.Udp);
        try
        {
            if (local.AddressFamily == AddressFamily.InterNetworkV6)
            {
                socket.DualMode = true;
            }

            socket.EnableBroadcast = options.EnableBroadcast;
            socket.Bind(local);
            return socket;
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    private static BoundSocket BoundToName(EndPoint local, SocketOptions options)
    {
        if (!OperatingSystem.IsLinux())
        {
            throw new PlatformNotSupportedException("Datagrams of Unix sockets are for Linux; elsewhere use a stream, or UDP of the loopback address.");
        }

        return local.IsUnnamed() ? new BoundSocket(BoundAnywhere(), local) : SocketPlace.Receive(local, options);
    }

    // .NET looks at the name that a socket has when it is given one: before, it does not know that there is any.
    private static Socket BoundAnywhere()
    {
        var plain = new Socket(AddressFamily.Unix, SocketType.Dgram, ProtocolType.Unspecified);
        try
        {
            UnixSystem.BindAnywhere(plain.Handle);
            return UnixSystem.Forget(plain);
        }
        catch
        {
            plain.Dispose();
            throw;
        }
    }

    /// <summary>A stream socket to dial with.</summary>
    public static Socket NewStream(AddressFamily family)
    {
        if (family == AddressFamily.Unix)
        {
            return new Socket(family, SocketType.Stream, ProtocolType.Unspecified);
        }

        var socket = new Socket(family, SocketType.Stream, ProtocolType.Tcp);

        // Out of line an urgent byte would be missing from the stream. What is accepted inherits it from the listener: later
        // would be too late for bytes that came before.
        socket.SetSocketOption(SocketOptionLevel.Socket, SocketOptionName.OutOfBandInline, true);
        if (family == AddressFamily.InterNetworkV6)
        {
            socket.DualMode = true;
        }

        return socket;
    }

    /// <summary>Whether small writes are sent at once; where the kernel is the wire, they are.</summary>
    public static void SetNoDelay(this Socket socket, bool value)
    {
        if (socket.AddressFamily != AddressFamily.Unix)
        {
            socket.NoDelay = value;
        }
    }

    /// <exception cref="PlatformNotSupportedException">Here nobody does.</exception>
    public static void ThrowIfNotShared()
    {
        if (!OperatingSystem.IsLinux())
        {
            throw new PlatformNotSupportedException("Several listeners share a port (ReusePort) on Linux only; elsewhere use one hub.");
        }
    }

    private static void SharePort(Socket socket)
    {
        ThrowIfNotShared();
        const int socketLevel = 1, reusePort = 15;
        socket.SetRawSocketOption(socketLevel, reusePort, [1, 0, 0, 0]);
    }

    /// <summary>Sends as many bytes as fit now.</summary>
    /// <param name="socket">Non-blocking.</param>
    /// <param name="bytes">What to send.</param>
    /// <param name="rest">What was not taken.</param>
    /// <param name="error">The connection's failure; a full kernel is none.</param>
    /// <returns>How many were taken.</returns>
    public static int SendNow(this Socket socket, ReadOnlySpan<byte> bytes, out ReadOnlySpan<byte> rest, out SocketError error)
    {
        var taken = Taken(socket.Send(bytes, SocketFlags.None, out error), ref error);
        rest = bytes[taken..];
        return taken;
    }

    /// <summary>How many bytes a socket took that does not block: a full kernel is no error.</summary>
    public static int Taken(int sent, ref SocketError error)
    {
        var taken = error == SocketError.Success ? sent : 0;
        error = SocketErrors.WouldBlock(error) ? SocketError.Success : error;
        return taken;
    }

    /// <summary>Ends one or both directions.</summary>
    /// <returns>False: the connection is over already.</returns>
    public static bool TryShutdown(this Socket socket, SocketShutdown how)
    {
        try
        {
            socket.Shutdown(how);
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }

    public static void ResetOnClose(this Socket socket)
    {
        try
        {
            socket.LingerState = new LingerOption(true, 0);
        }
        catch (SocketException)
        {
            // Gone already; closing is all that is left to do.
        }
    }

    /// <summary>What went wrong since it was last asked.</summary>
    public static SocketError TakeError(this Socket socket) => (SocketError)(int)socket.GetSocketOption(SocketOptionLevel.Socket, SocketOptionName.Error)!;
}
