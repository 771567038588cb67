using System.Net;
using System.Net.Sockets;

namespace Diesel.Reactive;

/// <summary>The name of a listening Unix socket: one file, for one listener or for several hubs of this process that share it.</summary>
/// <remarks>The file that an earlier process left is replaced when nobody listens at it; it takes a connection to find that out.</remarks>
internal sealed class SocketPlace
{
    private const int Attempts = 3;

    private static readonly Lock Gate = new();
    private static readonly Dictionary<EndPoint, SocketPlace> Shared = [];

    private readonly EndPoint _endPoint;
    private SocketFile? _file;
    private Socket? _shared;
    private int _users = 1;

    private SocketPlace(EndPoint endPoint) => _endPoint = endPoint;

    /// <summary>Listens at a path, or at an abstract name.</summary>
    /// <exception cref="SocketException">It cannot be listened at.</exception>
    /// <exception cref="ConnectionException">Another file is there.</exception>
    public static ListeningSocket Listen(EndPoint local, SocketOptions options)
    {
        if (!options.ReusePort)
        {
            var place = new SocketPlace(local);
            return new ListeningSocket(place.Bind(options), local, place);
        }

        SystemSockets.ThrowIfNotShared();
        lock (Gate)
        {
            if (!Shared.TryGetValue(local, out var place))
            {
                place = new SocketPlace(local);
                place._shared = place.Bind(options);
                place._users = 0;
                Shared.Add(local, place);
            }

            return new ListeningSocket(place.Share(), local, place);
        }
    }

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

    // .NET removes the file of a socket it has bound whoever has made it: it is not to know that it has bound one.
    private static Socket Forget(Socket socket)
    {
#pragma warning disable CA1816 // This object is to do nothing more, also when it is collected.
        GC.SuppressFinalize(socket);
#pragma warning restore CA1816
        var handle = socket.SafeHandle.DangerousGetHandle();
        socket.SafeHandle.SetHandleAsInvalid();
        return new Socket(new SafeSocketHandle(handle, ownsHandle: true));
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
            var socket = SystemSockets.NewStream(AddressFamily.Unix);
            try
            {
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

            return Begin(Forget(socket), path, options);
        }
    }

    // Nobody can connect before it listens, whatever the mode is until then.
    private Socket Begin(Socket socket, string? path, SocketOptions options)
    {
        _file = path is null ? null : SocketFile.At(path);
        try
        {
            if (options.FileMode is { } mode && path is not null && !OperatingSystem.IsWindows())
            {
                File.SetUnixFileMode(path, mode);
            }

            socket.Listen(options.Backlog);

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
