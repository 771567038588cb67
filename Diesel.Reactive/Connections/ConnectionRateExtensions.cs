namespace Diesel.Reactive;

/// <summary>How fast a connection must be, and how fast it may be.</summary>
public static class ConnectionRateExtensions
{
    private static readonly TimeSpan DefaultGrace = TimeSpan.FromSeconds(5);

    /// <summary>Holds the peer to a rate for a while: as long as a body is read or written. A slower one loses its connection.</summary>
    /// <param name="connection">Its peer owes bytes while a reader waits for them, and owes that output is taken while some waits; a
    /// reader that does something else, or is held, is waited for in vain by nobody.</param>
    /// <param name="bytesPerSecond">At least so many, at least 1.</param>
    /// <param name="grace">Time before it is asked for; null: 5 s. Who was faster may rest: as long as the bytes were enough for,
    /// at most six times this.</param>
    /// <param name="direction">What is required: that the peer sends, that it takes what is sent, or both.</param>
    /// <param name="tooSlow">Called once, in a turn of the hub, instead of the end: whoever can tell the peer why does, and closes. Null: the connection
    /// loses its peer at once.</param>
    /// <returns>Ends what is required, when disposed.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="connection"/> is null.</exception>
    /// <exception cref="ArgumentOutOfRangeException">A number is less than 1, or <paramref name="direction"/> not defined.</exception>
    /// <remarks>Errors: the reader, and who awaits <c>Send</c>, gets <see cref="SlowPeerException"/>. A peer that sends too slowly is sent
    /// what is queued for it before the close; one that takes too slowly is reset. For all of a service's connections:
    /// <c>TcpServiceOptions.MinimumRate</c> and <c>MinimumWriteRate</c>.</remarks>
    public static IDisposable Require(
        this Connection connection, int bytesPerSecond, TimeSpan? grace = null, Direction direction = Direction.Input, Action<SlowPeerException>? tooSlow = null)
    {
        Check(connection, bytesPerSecond, direction);
        return new RequiredRate(connection, bytesPerSecond, Setting.Positive(grace ?? DefaultGrace, nameof(grace)), direction, tooSlow);
    }

    /// <summary>Bounds how fast bytes go, until the limit is disposed; it can be changed meanwhile.</summary>
    /// <param name="connection">Of several limits the least counts.</param>
    /// <param name="bytesPerSecond">At most so many, at least 1. What passes at once is at most a tenth of that, where the transport
    /// can receive less than there is.</param>
    /// <param name="direction">Which way; both ways have each the whole rate.</param>
    /// <returns>The limit.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="connection"/> is null.</exception>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="bytesPerSecond"/> is less than 1, or
    /// <paramref name="direction"/> not defined.</exception>
    /// <remarks>Input that may not pass stays with the kernel, and so with the peer; output is queued, and counts for
    /// <see cref="Connection.Writable"/>. On the hub's clock. Source: the token bucket of traffic shaping.</remarks>
    public static RateLimit Limit(this Connection connection, long bytesPerSecond, Direction direction = Direction.Both)
    {
        Check(connection, bytesPerSecond, direction);
        return new RateLimit(connection, bytesPerSecond, direction);
    }

    private static void Check(Connection connection, long bytesPerSecond, Direction direction)
    {
        ArgumentNullException.ThrowIfNull(connection);
        ArgumentOutOfRangeException.ThrowIfLessThan(bytesPerSecond, 1);
        if (direction is not (Direction.Input or Direction.Output or Direction.Both))
        {
            throw new ArgumentOutOfRangeException(nameof(direction), direction, "Bytes go in, out, or both ways.");
        }
    }
}
