using System.Net.Sockets;

namespace Diesel.Reactive.Tests;

/// <summary>A folder of a test's own for the files of Unix sockets. Their paths are short: a longer one than 107 bytes is none.</summary>
internal sealed class SocketFolder : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("u-").FullName;
    private int _places;

    public UnixDomainSocketEndPoint this[string name] => new(PathOf(name));

    public string PathOf(string name) => Path.Combine(_folder, name);

    /// <summary>A name that nobody has; an abstract one has no file.</summary>
    public UnixDomainSocketEndPoint NewPlace(bool isAbstract) => new((isAbstract ? "\0" : "") + PathOf($"{_places++}"));

    /// <summary>What is there.</summary>
    public string Names => string.Join(' ', Directory.GetFileSystemEntries(_folder).Select(Path.GetFileName).Order());

    /// <summary>The file of a socket whose process was killed.</summary>
    public void LeaveStale(string name)
    {
        var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        socket.Bind(this[name]);
        socket.Listen();

        // .NET removes the file when it disposes the socket; a process that is killed does not.
#pragma warning disable CA1816
        GC.SuppressFinalize(socket);
#pragma warning restore CA1816
        socket.SafeHandle.Dispose();
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);
}
