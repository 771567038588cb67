using System.IO.Pipelines;

namespace Diesel.Reactive;

/// <summary>A connection as what other libraries want: a stream, a pipe. They may be used from any thread.</summary>
public static class ConnectionViews
{
    /// <summary>The connection as a stream that reads and writes.</summary>
    /// <param name="connection">Without a reader.</param>
    /// <param name="leaveOpen">False: disposing the stream disposes the connection.</param>
    /// <returns>A new stream at each call; use one of them. What it has not read stays for the next reader. A write that is awaited waits for
    /// room as the pipe's flush does; a blocking one waits for it, too, and may not be made on the hub's thread.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="connection"/> is null.</exception>
    /// <remarks>Errors: those of <see cref="Connection.Read{T}"/> and <see cref="Connection.Send(ReadOnlyMemory{byte})"/>; the network's are
    /// <see cref="IOException"/>s. <see cref="Stream.ReadTimeout"/> is not supported.</remarks>
    public static Stream AsStream(this Connection connection, bool leaveOpen = false)
    {
        ArgumentNullException.ThrowIfNull(connection);
        return new ConnectionStream(connection, leaveOpen);
    }

    /// <summary>The connection as a pipe: a reader of its input, a writer of its output.</summary>
    /// <param name="connection">Without a reader.</param>
    /// <returns>A new pipe at each call; use one of them.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="connection"/> is null.</exception>
    /// <remarks>
    /// <para>The input shows the bytes where they lie. Between two reads it receives ahead, 64 KiB or a little more, so that the next need not wait for the hub; it is a reader of the
    /// connection only while a read waits, and makes way for any other in between. Completing it ends nothing: what was not consumed stays for the next reader. A lost connection is
    /// the read's error, behind the bytes before it.</para>
    /// <para>The output sends at each flush, and the flush waits while more than <see cref="ConnectionOptions.HighWaterMark"/> of what it
    /// was given has not been handed to the kernel, until less than the low one. Completing it half-closes the connection; with an
    /// error it resets it.</para>
    /// </remarks>
    public static IDuplexPipe AsPipe(this Connection connection)
    {
        ArgumentNullException.ThrowIfNull(connection);
        return new ConnectionPipe(connection);
    }

    private sealed class ConnectionPipe(Connection connection) : IDuplexPipe
    {
        public PipeReader Input { get; } = new InputPipe(connection);

        public PipeWriter Output { get; } = new OutputPipe(connection);
    }
}
