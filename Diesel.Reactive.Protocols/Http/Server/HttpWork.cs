namespace Diesel.Reactive.Protocols.Http;

/// <summary>What a conversation works with while a request is under way: what reads it, where both messages are, its body, its answer. The server lends it; a
/// connection at rest has none.</summary>
internal sealed class HttpWork
{
    private readonly HttpServer _server;

    public HttpWork(HttpServer server)
    {
        (_server, Reader) = (server, new HttpRequestReader(server.Options.Limits));
        Answer = new HttpAnswer(this, server);
    }

    /// <summary>Whose it is at present; of one that was given back the last.</summary>
    public HttpConversation Conversation { get; set; } = null!;

    public HttpRequestReader Reader { get; }

    public HttpExchange Exchange { get; } = new();

    public HttpAnswer Answer { get; }

    /// <summary>The body of the request under way. Made for the first that has one.</summary>
    public HttpIncoming Incoming => KnownIncoming ??= new HttpIncoming(this, _server);

    /// <summary>The same; null: there was none yet.</summary>
    public HttpIncoming? KnownIncoming { get; private set; }

    /// <summary>The request is whole.</summary>
    public void EndRequest()
    {
        Exchange.TryNote(HttpRole.Client, HttpEvent.End);
        KnownIncoming?.End(null);
        Answer.RequestIsWhole();
    }

    /// <summary>The client is told which rule its request breaks, if it still can be, and the connection ends.</summary>
    /// <param name="refused">What is answered.</param>
    /// <param name="error">What whoever reads the body is told; null: the same.</param>
    public void Refuse(HttpRefusedException refused, Exception? error)
    {
        var conversation = Conversation;
        Exchange.TryNote(HttpRole.Client, HttpEvent.Fault);
        _server.Tell(conversation, refused);
        var isTold = Answer.TryRefuse(refused);
        conversation.Close(error ?? refused);
        if (!isTold)
        {
            conversation.Connection.Abort();
        }
    }

    /// <summary>The exchange is over: the next may begin, of this connection or another.</summary>
    /// <param name="isReading">Whether more of this connection has been read.</param>
    public void BeginNext(bool isReading = false)
    {
        Exchange.TryBeginNext();
        KnownIncoming?.Begin();
        if (!isReading)
        {
            Reader.Forget();
        }
    }
}
