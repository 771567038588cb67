using System.Reactive;
using Microsoft.Win32.SafeHandles;

namespace Diesel.Reactive;

/// <summary>Sends files.</summary>
public static class ConnectionFiles
{
    /// <summary>Queues part of a file to send, or all of it, and tells when it was handed to the kernel.</summary>
    /// <param name="connection">Where it is sent.</param>
    /// <param name="file">Open for reading. Stays the caller's, who may dispose it at once: it is held open until it is sent.</param>
    /// <param name="offset">In bytes, from the file's beginning.</param>
    /// <param name="count">How many bytes; null: up to the end that the file has now.</param>
    /// <returns>Hot: the file is queued by the call itself, in order with what else is sent. One <see cref="Unit"/> and completion once
    /// its last byte was handed over.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="connection"/> or <paramref name="file"/> is null.</exception>
    /// <exception cref="ArgumentException"><paramref name="file"/> is a pipe or the like, which has no length.</exception>
    /// <exception cref="ArgumentOutOfRangeException">The file has no such part.</exception>
    /// <exception cref="ObjectDisposedException"><paramref name="file"/> is closed.</exception>
    /// <remarks>
    /// <para>On Linux the system sends it (<c>sendfile</c>) and no byte of it passes through this process; elsewhere, under a
    /// <see cref="ConnectionOptions.Layer"/> and on a network in memory it is read a block at a time, off the hub, as the peer takes
    /// it. Any thread. It counts for the marks (<see cref="Connection.Writable"/>, <see cref="Connection.PendingBytes"/>), but not for
    /// <see cref="ConnectionOptions.MaxPendingBytes"/>, as it takes no memory.</para>
    /// <para>Errors: as <see cref="Connection.Send(ReadOnlyMemory{byte})"/>. A file that cannot be read to the end, or becomes shorter
    /// meanwhile, resets the connection, since what was promised cannot be kept: <see cref="ConnectionException"/>, with the cause
    /// inside.</para>
    /// </remarks>
    public static Awaitable<Unit> SendFile(this Connection connection, SafeFileHandle file, long offset = 0, long? count = null)
    {
        ArgumentNullException.ThrowIfNull(connection);
        ArgumentNullException.ThrowIfNull(file);
        return connection.Queue(Part(file, offset, count));
    }

    /// <summary>As the other, of a file by its name, which is opened by the call and closed when it is sent.</summary>
    /// <param name="connection">Where it is sent.</param>
    /// <param name="path">Names a file, no directory, pipe or socket.</param>
    /// <param name="offset">In bytes, from the file's beginning.</param>
    /// <param name="count">How many bytes; null: up to the end that the file has now.</param>
    /// <returns>As the other.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="connection"/> or <paramref name="path"/> is null.</exception>
    /// <exception cref="ArgumentException"><paramref name="path"/> is empty, or names something that is no file.</exception>
    /// <exception cref="ArgumentOutOfRangeException">The file has no such part.</exception>
    /// <exception cref="IOException">It cannot be opened; <see cref="FileNotFoundException"/>: it is not there.</exception>
    /// <exception cref="UnauthorizedAccessException">It may not be read.</exception>
    public static Awaitable<Unit> SendFile(this Connection connection, string path, long offset = 0, long? count = null)
    {
        ArgumentNullException.ThrowIfNull(connection);
        ArgumentException.ThrowIfNullOrEmpty(path);
        using var file = RegularFile.Open(path);
        return connection.Queue(Part(file, offset, count));
    }

    /// <summary>Opens a file that is to be sent, without waiting for anybody: a pipe of that name would hold up the hub until its writer comes.</summary>
    /// <param name="path">Names a file, no directory.</param>
    /// <returns>Open for reading; the caller's. Of a pipe or the like, which cannot be sent, <see cref="SendFile(Connection, SafeFileHandle, long, long?)"/>
    /// says so, and so does <see cref="System.IO.RandomAccess.GetLength"/>.</returns>
    /// <exception cref="ArgumentException"><paramref name="path"/> is empty, or names a directory.</exception>
    /// <exception cref="IOException">It cannot be opened; <see cref="FileNotFoundException"/>: it is not there.</exception>
    /// <exception cref="UnauthorizedAccessException">It may not be read.</exception>
    public static SafeFileHandle OpenFile(string path)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        return RegularFile.Open(path);
    }

    private static OutputItem Part(SafeFileHandle file, long offset, long? count)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(offset);
        var length = RegularFile.LengthOf(file);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(offset, length);
        if (count is { } given)
        {
            ArgumentOutOfRangeException.ThrowIfNegative(given, nameof(count));
            ArgumentOutOfRangeException.ThrowIfGreaterThan(given, length - offset, nameof(count));
        }

        return new OutputItem { Origin = new OutgoingFile(file, offset, count ?? length - offset) };
    }
}
