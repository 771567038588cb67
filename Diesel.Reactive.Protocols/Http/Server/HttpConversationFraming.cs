namespace Diesel.Reactive.Protocols.Http;

/// <summary>The requests of a conversation, which decodes them itself.</summary>
internal sealed class HttpConversationFraming(HttpConversation conversation) : Framing<HttpPart>
{
    public override Decoder<HttpPart> CreateDecoder() => conversation;
}
