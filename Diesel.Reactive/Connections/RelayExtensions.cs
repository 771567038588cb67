namespace Diesel.Reactive;

/// <summary>What a proxy does with two connections.</summary>
public static class RelayExtensions
{
    /// <summary>Passes everything on between two connections, both ways, until both have ended.</summary>
    /// <param name="client">Without a reader.</param>
    /// <param name="upstream">On the same hub, without a reader.</param>
    /// <returns>Cold: begins when it is awaited or subscribed to. One value and completion when both sides have ended and all is sent; both
    /// connections are closed then. Unsubscribed before, both are reset: a stream that was cut short must not look whole.</returns>
    /// <exception cref="ArgumentNullException">An argument is null.</exception>
    /// <exception cref="ArgumentException">Both are the same connection, or they live on two hubs.</exception>
    /// <remarks>
    /// <para>A side that takes its time slows the other: at most <see cref="ConnectionOptions.HighWaterMark"/> and one chunk wait for it. The end of
    /// one side (FIN) is passed on behind its bytes, and the other may go on. A connection that is lost or reset resets the other at once;
    /// one that had ended its side before has sent all, and the other still gets that.</para>
    /// <para>Errors: what the first of the two failed with; <see cref="InvalidOperationException"/>, and nothing changed, when one has a reader or
    /// has ended its output (<c>OnCompleted</c>).
    /// Idea: diesel's and Twisted's port forwarders.</para>
    /// </remarks>
    public static Awaitable<RelayCounts> RelayTo(this Connection client, Connection upstream)
    {
        ArgumentNullException.ThrowIfNull(client);
        ArgumentNullException.ThrowIfNull(upstream);
        if (client == upstream)
        {
            throw new ArgumentException($"{client} cannot be relayed to itself.", nameof(upstream));
        }

        return client.Hub == upstream.Hub ? new Relay(client, upstream) : throw new ArgumentException(
            $"{upstream} lives on another hub than {client}: connect it there (hub: Hub.Current, in the client's handler).", nameof(upstream));
    }
}
