namespace Diesel.Reactive.Protocols.Http;

/// <summary>What becomes of a conversation whose input has ended, and why it has.</summary>
internal static class HttpInputEnd
{
    public static void Tell(HttpConversation conversation, Exception error)
    {
        switch (error)
        {
            case HttpRefusedException refused:
                conversation.Refuse(refused);
                break;
            case TruncatedFrameException when conversation.Current is not null:
                conversation.Refuse(new HttpRefusedException(400, "RFC 9112 §8", "The request ends before its body does"), error);
                break;
            case TruncatedFrameException or ConnectionException or SlowPeerException or ObjectDisposedException or EndOfStreamException:
                conversation.Close(error);
                break;
            default:
                conversation.Break(error);
                break;
        }
    }

    /// <summary>The client is told which rule its request breaks, if it still can be, and the connection ends.</summary>
    public static void Refuse(HttpConversation conversation, HttpWork work, HttpServer server, HttpRefusedException refused, Exception? error)
    {
        work.Exchange.TryNote(HttpRole.Client, HttpEvent.Fault);
        server.Tell(conversation, refused);
        var isTold = work.Answer.TryRefuse(refused);
        conversation.Close(error ?? refused);
        if (!isTold)
        {
            conversation.Connection.Abort();
        }
    }
}
