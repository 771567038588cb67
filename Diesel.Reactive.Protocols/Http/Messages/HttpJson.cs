using System.Diagnostics.CodeAnalysis;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;

namespace Diesel.Reactive.Protocols.Http;

/// <summary>Values in bodies.</summary>
internal static class HttpJson
{
    [RequiresUnreferencedCode("By reflection.")]
    [RequiresDynamicCode("By reflection.")]
    public static JsonTypeInfo<T> TypeOf<T>(JsonSerializerOptions? options)
    {
        options ??= JsonSerializerOptions.Web;
        options.MakeReadOnly(populateMissingResolver: true);
        return (JsonTypeInfo<T>)options.GetTypeInfo(typeof(T));
    }

    public static async Task<T> Read<T>(HttpHeaders headers, Awaitable<ReadOnlyMemory<byte>> body, JsonTypeInfo<T> type)
    {
        HttpMediaType.RequireJson(headers);
        var bytes = await body;
        try
        {
            return JsonSerializer.Deserialize(bytes.Span, type) is { } value ? value
                : throw new HttpRefusedException(400, "RFC 8259 §3", "The body is null, and a value was to come");
        }
        catch (JsonException error)
        {
            throw new HttpRefusedException(400, "RFC 8259 §2", $"The body is no JSON of the expected kind: {error.Message.TrimEnd('.')}");
        }
    }
}
