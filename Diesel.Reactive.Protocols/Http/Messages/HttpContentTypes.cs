namespace Diesel.Reactive.Protocols.Http;

/// <summary>Content-Type as a field; those that are used most are made once.</summary>
internal static class HttpContentTypes
{
    private static readonly HttpHeaders Text = Of(HttpMediaType.Text);
    private static readonly HttpHeaders Html = Of(HttpMediaType.Html);
    private static readonly HttpHeaders Json = Of(HttpMediaType.Json);
    private static readonly HttpHeaders Bytes = Of(HttpMediaType.Bytes);

    public static HttpHeaders Header(string? type) => type switch
    {
        null => default,
        HttpMediaType.Text => Text,
        HttpMediaType.Html => Html,
        HttpMediaType.Json => Json,
        HttpMediaType.Bytes => Bytes,
        _ => Of(type),
    };

    private static HttpHeaders Of(string type) => HttpHeaders.Of(("Content-Type", type));
}
