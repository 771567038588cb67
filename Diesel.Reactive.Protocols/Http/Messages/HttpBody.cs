namespace Diesel.Reactive.Protocols.Http;

/// <summary>The body of a request, in pieces as they come.</summary>
/// <remarks>
/// <para>Cold around a hot source, for one subscriber. Nothing is read before somebody subscribes: a client that sends more waits, as TCP
/// makes it. Subscribing sends <c>100 Continue</c> to a client that waits for it. Unsubscribing holds the rest; what is left when the
/// request was answered is thrown away, if it is short, and ends the connection otherwise.</para>
/// <para>Held while replies to it wait to be taken, by <see cref="Pause"/>, and by operators that hold their source
/// (<c>SelectAsync</c>, <c>ReadAllAsync</c>, <c>ObserveOnBounded</c>).</para>
/// <para>Errors: <see cref="HttpRefusedException"/> when a limit is passed or its framing is broken, <see cref="TruncatedFrameException"/> when
/// the client ends within it, <see cref="ConnectionException"/>; <see cref="InvalidOperationException"/> for a second subscriber, and when the
/// request was answered.</para>
/// </remarks>
public sealed class HttpBody : IObservable<ReadOnlyMemory<byte>>, IPausable
{
    private readonly HttpRequest _request;
    private readonly IHttpConversation _conversation;

    internal HttpBody(HttpRequest request, IHttpConversation conversation) => (_request, _conversation) = (request, conversation);

    /// <summary>How many bytes it has, if that is known before: null for one in chunks.</summary>
    public long? Length => _request.Head.Body is { Count: >= 0 and var count } ? count : null;

    /// <inheritdoc/>
    public Hub Hub => _conversation.Hub;

    /// <inheritdoc/>
    public IDisposable Subscribe(IObserver<ReadOnlyMemory<byte>> observer)
    {
        ArgumentNullException.ThrowIfNull(observer);
        return _conversation.Read(_request, observer);
    }

    /// <summary>Holds it: no more of it is read until the hold is disposed.</summary>
    /// <returns>The hold.</returns>
    public IDisposable Pause() => _conversation.Pause();

    /// <summary>Whose it is.</summary>
    public override string ToString() => $"the body of {_request}";
}
