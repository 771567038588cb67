namespace Diesel.Reactive;

/// <summary>Who a transport tells.</summary>
public interface ITransportHandler
{
    /// <summary>A chunk arrived, as asked for; or the peer ended, which is told once, asked for or not, when nothing is left
    /// to read before it.</summary>
    /// <param name="chunk">Never changes, may be kept; empty: the peer's FIN.</param>
    void OnReceived(ReadOnlyMemory<byte> chunk);

    /// <summary>The peer has ended, though bytes before its FIN may still be to read; <see cref="OnReceived"/> tells the end in its
    /// time. Told at most once, as soon as the system shows it, and not where the two fall together.</summary>
    void OnPeerEnded()
    {
    }

    /// <summary>There is room again after a short <see cref="ITransport.Send(ReadOnlySpan{byte})"/>.</summary>
    /// <param name="sent">How many of the refused bytes, from the first on, have been sent meanwhile.</param>
    void OnWritable(int sent);

    /// <summary>The connection failed; nothing follows.</summary>
    /// <param name="error">What happened, with both endpoints and the system's error inside.</param>
    void OnFailed(ConnectionException error);
}
