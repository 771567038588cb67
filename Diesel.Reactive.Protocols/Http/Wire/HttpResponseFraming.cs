namespace Diesel.Reactive.Protocols.Http;

/// <summary>The responses of a connection as a stream of parts, for <c>Decode</c>: to requests that are known beforehand.</summary>
/// <param name="methods">What is asked, in order.</param>
/// <param name="limits">What a peer may send; null for the defaults.</param>
public sealed class HttpResponseFraming(IEnumerable<string> methods, HttpLimits? limits = null) : Framing<HttpPart>
{
    private readonly string[] _methods = [.. methods];

    /// <inheritdoc/>
    public override Decoder<HttpPart> CreateDecoder()
    {
        var reader = new HttpResponseReader(limits);
        foreach (var method in _methods)
        {
            reader.Expect(method);
        }

        return reader;
    }
}
