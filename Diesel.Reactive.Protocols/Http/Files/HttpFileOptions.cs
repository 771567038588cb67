namespace Diesel.Reactive.Protocols.Http;

/// <summary>How the files of a folder are served.</summary>
public sealed record HttpFileOptions
{
    /// <summary>Which part of a path stands before the names of the files: <c>/static</c>; empty, the default: none.</summary>
    public string Under { get; init; } = "";

    /// <summary>What is served for a folder; default <c>index.html</c>; null: nothing is.</summary>
    public string? Index { get; init; } = "index.html";

    /// <summary>What caches are told (RFC 9111 §5.2.2); null, the default: to ask each time whether it has changed.</summary>
    public string? CacheControl { get; init; }

    /// <summary>Types by extension, beside those that are known: <c>.gpx</c> and <c>application/gpx+xml</c>.</summary>
    public IReadOnlyDictionary<string, string> Types { get; init; } = new Dictionary<string, string>();

    internal static HttpFileOptions Default { get; } = new();
}
