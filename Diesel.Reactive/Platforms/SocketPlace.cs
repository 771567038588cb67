using System.Net;
using System.Net.Sockets;

namespace Diesel.Reactive;

/// <summary>The name of a Unix socket that listens or receives datagrams: one file, for one socket or for several listening hubs of this process
/// that share it.</summary>
/// <remarks>The file that an earlier process left is replaced when nobody listens at it; it takes a connection to find that out.</remarks>
internal sealed class SocketPlace
{
    private const int Attempts = 3;

    private static readonly Lock Gate = new();
    private static readonly Dictionary<EndPoint, SocketPlace> Shared = [];

    private readonly EndPoint _endPoint;
    private readonly SocketType _type;
    private SocketFile? _file;
    private Socket? _shared;
    private int _users = 1;

    private SocketPlace(EndPoint endPoint, SocketType type) => (_endPoint, _type) = (endPoint, type);

    /// <summary>Listens at a path, or at an abstract name.</summary>
    /// <exception cref="SocketException">It cannot be listened at.</exception>
    /// <exception cref="ConnectionException">Another file is there.</exception>
    public static BoundSocket Listen(EndPoint local, SocketOptions options)
    {
        if (!options.ReusePort)
        {
            return Take(local, SocketType.Stream, options);
        }

        SystemSockets.ThrowIfNotShared();
        lock (Gate)
        {
            if (!Shared.TryGetValue(local, out var place))
            {
                place = new SocketPlace(local, SocketType.Stream);
                place._shared = place.Bind(options);
                place._users = 0;
                Shared.Add(local, place);
            }

            return new BoundSocket(place.Share(), local, place);
        }
    }

    /// <summary>Receives datagrams at a path, or at an abstract name.</summary>
    /// <exception cref="SocketException">It cannot be bound to.</exception>
    /// <exception cref="ConnectionException">Another file is there.</exception>
    public static BoundSocket Receive(EndPoint local, SocketOptions options) => Take(local, SocketType.Dgram, options);

    /// <summary>One who listened there does no longer.</summary>
    public void Leave()
    {
        lock (Gate)
        {
            if (--_users > 0)
            {
                return;
            }

            _file?.Remove();
            if (_shared is { } shared)
            {
                Shared.Remove(_endPoint);
                shared.Dispose();
            }
        }
    }

    private static BoundSocket Take(EndPoint local, SocketType type, SocketOptions options)
    {
        var place = new SocketPlace(local, type);
        return new BoundSocket(place.Bind(options), local, place);
    }

    private static bool IsAbstract(EndPoint local) => local.Serialize() is { Size: > 2 } address && address[2] == 0;

    private Socket Share()
    {
        try
        {
            var copy = new Socket(UnixSystem.Duplicate(_shared!.Handle));
            _users++;
            return copy;
        }
        catch when (_users == 0)
        {
            Leave();
            throw;
        }
    }

    private Socket Bind(SocketOptions options)
    {
        var path = IsAbstract(_endPoint) ? null : _endPoint.ToString()!;
        for (var left = Attempts; ; left--)
        {
            var socket = new Socket(AddressFamily.Unix, _type, ProtocolType.Unspecified);
            try
            {
                if (path is not null && options.FileMode is { } mode)
                {
                    UnixSystem.Restrict(socket.Handle, mode);
                }

                socket.Bind(_endPoint);
            }
            catch (SocketException error)
            {
                socket.Dispose();
                if (error.SocketErrorCode != SocketError.AddressAlreadyInUse || path is null || left == 1)
                {
                    throw;
                }

                Replace(path);
                continue;
            }

            return Begin(UnixSystem.Forget(socket), path, options);
        }
    }

    // It was made with no more than this mode, and what the umask has taken of it is given now.
    private Socket Begin(Socket socket, string? path, SocketOptions options)
    {
        _file = path is null ? null : SocketFile.At(path);
        try
        {
            if (options.FileMode is { } mode && path is not null && !OperatingSystem.IsWindows())
            {
                File.SetUnixFileMode(path, mode);
            }

            if (_type == SocketType.Stream)
            {
                socket.Listen(options.Backlog);
            }

            // Another process that has met the same old file may have removed this one for it.
            return _file is null || _file.IsThere ? socket : throw new SocketException((int)SocketError.AddressAlreadyInUse);
        }
        catch
        {
            _file?.Remove();
            socket.Dispose();
            throw;
        }
    }

    private void Replace(string path)
    {
        if (SocketFile.At(path) is not { } present)
        {
            return;
        }

        if (!present.IsSocket)
        {
            throw SocketErrors.NotASocket(_endPoint);
        }

        if (present.IsAlive)
        {
            throw new SocketException((int)SocketError.AddressAlreadyInUse);
        }

        present.Remove();
    }
}
