namespace Diesel.Reactive.Protocols.Http;

/// <summary>The answers of a connection, all its life, by one reader that is told of each request.</summary>
internal sealed class HttpAnswers(HttpResponseReader reader) : Framing<HttpPart>
{
    public override Decoder<HttpPart> CreateDecoder() => reader;
}
