namespace Diesel.Reactive.Protocols.Http;

/// <summary>What files are, by their extension.</summary>
internal static class HttpFileTypes
{
    private static readonly Dictionary<string, string> Known = new(StringComparer.OrdinalIgnoreCase)
    {
        [".html"] = HttpMediaType.Html, [".htm"] = HttpMediaType.Html, [".txt"] = HttpMediaType.Text, [".md"] = "text/markdown; charset=utf-8",
        [".css"] = "text/css; charset=utf-8", [".csv"] = "text/csv; charset=utf-8", [".js"] = "text/javascript; charset=utf-8",
        [".mjs"] = "text/javascript; charset=utf-8", [".json"] = HttpMediaType.Json, [".map"] = HttpMediaType.Json,
        [".webmanifest"] = "application/manifest+json", [".xml"] = "text/xml; charset=utf-8", [".svg"] = "image/svg+xml",
        [".png"] = "image/png", [".jpg"] = "image/jpeg", [".jpeg"] = "image/jpeg", [".gif"] = "image/gif", [".webp"] = "image/webp",
        [".avif"] = "image/avif", [".ico"] = "image/x-icon", [".bmp"] = "image/bmp", [".woff"] = "font/woff", [".woff2"] = "font/woff2",
        [".ttf"] = "font/ttf", [".otf"] = "font/otf", [".wasm"] = "application/wasm", [".pdf"] = "application/pdf", [".zip"] = "application/zip",
        [".gz"] = "application/gzip", [".tar"] = "application/x-tar", [".mp3"] = "audio/mpeg", [".ogg"] = "audio/ogg", [".wav"] = "audio/wav",
        [".mp4"] = "video/mp4", [".webm"] = "video/webm", [".ics"] = "text/calendar; charset=utf-8",
    };

    /// <param name="name">With its extension.</param>
    /// <param name="others">Types that go before the known ones; null: none.</param>
    public static string Of(string name, IReadOnlyDictionary<string, string>? others = null)
    {
        var extension = Path.GetExtension(name);
        return others?.TryGetValue(extension, out var type) is true || Known.TryGetValue(extension, out type) ? type : HttpMediaType.Bytes;
    }
}
