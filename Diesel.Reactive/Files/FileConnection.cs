namespace Diesel.Reactive;

/// <summary>Files as connections: read at the pace of who reads, written at the pace of the disk, with every framing there is.</summary>
public static class FileConnection
{
    /// <summary>Opens a file.</summary>
    /// <param name="path">Of a file, no directory.</param>
    /// <param name="access">To read it, to write it, or both; default: to read.</param>
    /// <param name="mode">What happens when it is there, or is not; null: to read it must be there; to write it is made anew
    /// (<see cref="FileMode.Create"/>), for both opened or made.</param>
    /// <param name="options">Bounds of the connection; null for the defaults.</param>
    /// <param name="hub">Where it lives; null for the current hub, or the default one.</param>
    /// <returns>Cold: each subscription and each <c>await</c> opens it. It is the caller's to dispose.</returns>
    /// <exception cref="ArgumentException"><paramref name="path"/> is empty, or <paramref name="access"/> not defined.</exception>
    /// <remarks>
    /// <para>It is read from its beginning; it is written at its beginning, with <see cref="FileMode.Append"/> at its end. One block is read
    /// at a time, off the hub, when somebody reads; the end of the file is the end of the input. <c>Send</c> is done when
    /// the system has its bytes, and <c>Room</c> waits for that. <c>Dispose</c> writes what is queued and closes the file; it does not read the
    /// rest. To send a file over a connection <c>SendFile</c> is faster.</para>
    /// <para>Errors: <see cref="FileNotFoundException"/>, <see cref="UnauthorizedAccessException"/>, <see cref="IOException"/>; later a
    /// <see cref="ConnectionException"/> with the system's error inside, also when something is sent to a file that was opened to be read.</para>
    /// </remarks>
    public static Awaitable<Connection> Open(
        string path, FileAccess access = FileAccess.Read, FileMode? mode = null, ConnectionOptions? options = null, Hub? hub = null)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        if (access is not (FileAccess.Read or FileAccess.Write or FileAccess.ReadWrite))
        {
            throw new ArgumentOutOfRangeException(nameof(access), access, "A file is read, written, or both.");
        }

        return new HubCall<Connection>(
            Hub.Of(hub), on => Tcp.Over(FileTransport.Open(path, access, mode ?? ModeOf(access), on), options, on), $"the file '{path}'");
    }

    private static FileMode ModeOf(FileAccess access) => access switch
    {
        FileAccess.Read => FileMode.Open,
        FileAccess.Write => FileMode.Create,
        _ => FileMode.OpenOrCreate,
    };
}
