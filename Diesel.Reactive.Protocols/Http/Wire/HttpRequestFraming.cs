namespace Diesel.Reactive.Protocols.Http;

/// <summary>The requests of a connection as a stream of parts, for <c>Decode</c>.</summary>
/// <param name="limits">What a peer may send; null for the defaults.</param>
public sealed class HttpRequestFraming(HttpLimits? limits = null) : Framing<HttpPart>
{
    /// <inheritdoc/>
    public override Decoder<HttpPart> CreateDecoder() => new HttpRequestReader(limits);
}
