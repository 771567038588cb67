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
}
