using System.Reactive;

namespace Diesel.Reactive;

/// <summary>Layers over a connection: laid in mid-stream, and asked for what they know.</summary>
public static class ConnectionLayers
{
    /// <summary>Lays a layer over the connection in mid-stream, between two reads: STARTTLS, compression, what stands behind a proxy's header.</summary>
    /// <param name="connection">Without a reader.</param>
    /// <param name="layer">Gets the transport as it goes on and the hub, on the hub, and returns an <see cref="ITransport"/> over it.</param>
    /// <param name="unread">What becomes of bytes that were received and not read.</param>
    /// <returns>Hot: begun by the call itself, observed or not. One <see cref="Unit"/> and completion once the layer is open (see <see cref="ILayer"/>).
    /// What was sent before goes out first, as it is; what is sent and read from now on goes through the layer, as soon as it is open.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="connection"/> or <paramref name="layer"/> is null.</exception>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="unread"/> is not defined.</exception>
    /// <remarks>Any thread. Errors: <see cref="InvalidOperationException"/> with a reader attached, after <c>OnCompleted</c> or while another upgrade
    /// is under way, <see cref="EndOfStreamException"/> after the peer's end, <see cref="ConnectionException"/> when it is over; these change
    /// nothing. When the layer cannot be opened, its own error: the connection is closed, as when it is lost meanwhile.
    /// Idea: Twisted's <c>startTLS</c>.</remarks>
    public static Awaitable<Unit> Upgrade(
        this Connection connection, Func<ITransport, Hub, ITransport> layer, UnreadInput unread = UnreadInput.HandOver)
    {
        ArgumentNullException.ThrowIfNull(connection);
        ArgumentNullException.ThrowIfNull(layer);
        return Enum.IsDefined(unread) ? new Upgrading(connection, layer, unread).Begin()
            : throw new ArgumentOutOfRangeException(nameof(unread), unread, $"There is no {nameof(UnreadInput)} {unread}.");
    }

    /// <summary>Lays TLS over the connection in mid-stream, between two reads: STARTTLS.</summary>
    /// <param name="connection">Without a reader.</param>
    /// <param name="tls"><see cref="TlsClientOptions"/> on the side that is to begin, with <see cref="TlsClientOptions.ServerName"/> set;
    /// <see cref="TlsServerOptions"/> on the other.</param>
    /// <returns>As <see cref="Upgrade(Connection, Func{ITransport, Hub, ITransport}, UnreadInput)"/>; done when both sides have agreed.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="connection"/> or <paramref name="tls"/> is null.</exception>
    /// <exception cref="ArgumentException"><paramref name="tls"/> is a server's, and without a certificate.</exception>
    /// <remarks>Errors: as the other, and <see cref="TlsException"/>, or <see cref="TimeoutException"/> past
    /// <see cref="TlsOptions.HandshakeTimeout"/>; they close the connection. What has arrived and was not read is TLS's: the peer may begin right behind
    /// its command, but plain text there is refused, whoever put it there (CVE-2011-0411).</remarks>
    public static Awaitable<Unit> Upgrade(this Connection connection, TlsOptions tls)
    {
        ArgumentNullException.ThrowIfNull(tls);
        tls.ThrowIfIncomplete();
        return connection.Upgrade(tls.Lay);
    }

    /// <summary>What the connection's layers or its network know beside the bytes, the uppermost first: what TLS agreed on, the address
    /// behind a proxy.</summary>
    /// <typeparam name="T">The kind of knowledge.</typeparam>
    /// <param name="connection">Asked on its hub.</param>
    /// <returns>Null: nobody knows any of the kind.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="connection"/> is null.</exception>
    public static T? Feature<T>(this Connection connection)
        where T : class
    {
        ArgumentNullException.ThrowIfNull(connection);
        return connection.Transport.Feature<T>();
    }
}
