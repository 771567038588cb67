using System.Net;
using System.Net.Sockets;

namespace Diesel.Reactive;

/// <summary>A socket that was opened for this process before it began, and stays open when it ends: systemd's socket activation. It is an
/// endpoint, so every service can listen at it: <c>new TcpService(SystemdSocket.Find() ?? new IPEndPoint(IPAddress.Any, 80), …)</c>.</summary>
/// <remarks>
/// <para>Listening sockets for streams, also Unix ones, and datagram sockets; not connections (<c>Accept=yes</c>). One may be listened at by
/// several services and hubs at a time, each connection is accepted by one of them. Who is connected and not accepted when a service stops
/// waits for the next process; and so does who connects afterwards.</para>
/// <para>Their settings (backlog, mode of the file, <c>ReusePort=</c>) are the unit's. Linux. Source: sd_listen_fds(3): <c>LISTEN_FDS</c>,
/// <c>LISTEN_PID</c> and <c>LISTEN_FDNAMES</c>.</para>
/// </remarks>
public sealed class SystemdSocket : EndPoint
{
    private const int First = 3;
    private const int Most = 4096;
    private const string NoName = "unknown";

    private readonly int _descriptor;

    private SystemdSocket(int descriptor, string name) => (_descriptor, Name) = (descriptor, name);

    /// <summary>Those of this process, in the order of the unit's file; empty when it was not started by systemd, or by
    /// something that does the same.</summary>
    public static IReadOnlyList<SystemdSocket> All { get; } = Inherited();

    /// <summary>The name its unit gives it (<c>FileDescriptorName=</c>), else that of the unit.</summary>
    public string Name { get; }

    /// <inheritdoc/>
    public override AddressFamily AddressFamily => AddressFamily.Unspecified;

    /// <summary>The socket of a name, or the first there is.</summary>
    /// <param name="name">As the unit gives it; null: any.</param>
    /// <returns>Null: this process was handed over none; say then where to listen else.</returns>
    public static EndPoint? Find(string? name = null) => All.FirstOrDefault(socket => name is null || socket.Name == name);

    /// <summary>Name and descriptor.</summary>
    public override string ToString() => $"systemd's socket '{Name}' (descriptor {_descriptor})";

    /// <summary>What an environment says; what it says to another process is nobody's.</summary>
    internal static IReadOnlyList<SystemdSocket> Of(string? process, string? count, string? names, int self)
    {
        if (!int.TryParse(process, out var meant) || meant != self || !int.TryParse(count, out var sockets) || sockets is < 1 or > Most)
        {
            return [];
        }

        var given = names?.Split(':') ?? [];
        return [.. Enumerable.Range(0, sockets).Select(i => new SystemdSocket(First + i, i < given.Length && given[i].Length > 0 ? given[i] : NoName))];
    }

    /// <summary>The socket, for one more who uses it.</summary>
    /// <exception cref="ConnectionException">It is none of the kind.</exception>
    internal Socket Open(SocketType type)
    {
        Socket? socket = null;
        try
        {
            socket = new Socket(UnixSystem.Duplicate(_descriptor));
            socket.Blocking = false;
            return socket.SocketType == type && (type == SocketType.Stream ? UnixSystem.Listens(socket.Handle) : socket.LocalEndPoint is IPEndPoint or UnixDomainSocketEndPoint)
                ? socket
                : throw NotUsable(type == SocketType.Stream
                    ? "a listening stream socket is needed (ListenStream=, Accept=no)"
                    : "a datagram socket with an address is needed (ListenDatagram=)");
        }
        catch (SocketException error)
        {
            socket?.Dispose();
            throw NotUsable(error.Message, error);
        }
        catch
        {
            socket?.Dispose();
            throw;
        }
    }

    // Programs that this one starts are not to have them.
    private static IReadOnlyList<SystemdSocket> Inherited()
    {
        if (!OperatingSystem.IsLinux())
        {
            return [];
        }

        var all = Of(
            Environment.GetEnvironmentVariable("LISTEN_PID"), Environment.GetEnvironmentVariable("LISTEN_FDS"),
            Environment.GetEnvironmentVariable("LISTEN_FDNAMES"), Environment.ProcessId);
        foreach (var socket in all)
        {
            UnixSystem.CloseOnExec(socket._descriptor);
        }

        return all;
    }

    private ConnectionException NotUsable(string why, SocketException? error = null) => new($"Cannot listen at {this}: {why}.", this, error);
}
