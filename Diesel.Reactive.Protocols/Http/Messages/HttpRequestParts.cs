namespace Diesel.Reactive.Protocols.Http;

/// <summary>What of a request was asked for, and had to be made.</summary>
internal sealed class HttpRequestParts
{
    public string? Path { get; set; }

    public string? QueryString { get; set; }

    public HttpParameters? Query { get; set; }

    public HttpParameters? Cookies { get; set; }

    public HttpBody? Body { get; set; }

    public IReadOnlyDictionary<string, string>? Route { get; set; }

    public HttpHeaders Trailers { get; set; }
}
