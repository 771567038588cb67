namespace Diesel.Reactive.Protocols.Http;

/// <summary>What of a request was asked for, and had to be made.</summary>
internal sealed class HttpRequestParts
{
    public string? Path { get; set; }

    public string? QueryString { get; set; }

    public HttpParameters? Query { get; set; }

    public HttpParameters? Cookies { get; set; }

    public HttpBody? Body { get; set; }

    /// <summary>The route it took: <c>/orders/{id}</c>; null: none.</summary>
    public string? Pattern { get; set; }

    /// <summary>What its named segments hold.</summary>
    public IReadOnlyDictionary<string, string>? Route { get; set; }

    public HttpHeaders Trailers { get; set; }
}
