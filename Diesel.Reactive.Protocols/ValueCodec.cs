using System.Buffers;
using System.Diagnostics.CodeAnalysis;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;

namespace Diesel.Reactive.Protocols;

/// <summary>The codecs to start from.</summary>
public static class ValueCodec
{
    private const string ReflectionIsUsed = "Values are written by reflection. Hand over a JsonTypeInfo, which a JsonSerializerContext generates.";

    /// <summary>The bytes themselves.</summary>
    public static IValueCodec<Bytes> Bytes { get; } = new BytesCodec();

    /// <summary>Text as UTF-8; bytes that are no text are read as U+FFFD.</summary>
    public static IValueCodec<string> Text { get; } = new TextCodec();

    /// <summary>Values as JSON.</summary>
    /// <typeparam name="T">The values.</typeparam>
    /// <param name="options">Null for the serializer's own.</param>
    /// <returns>A codec whose reading fails with <see cref="JsonException"/>.</returns>
    [RequiresUnreferencedCode(ReflectionIsUsed)]
    [RequiresDynamicCode(ReflectionIsUsed)]
    public static IValueCodec<T> Json<T>(JsonSerializerOptions? options = null)
    {
        options ??= JsonSerializerOptions.Default;
        options.MakeReadOnly(populateMissingResolver: true);
        return new JsonCodec<T>((JsonTypeInfo<T>)options.GetTypeInfo(typeof(T)));
    }

    /// <summary>Values as JSON, by generated code.</summary>
    /// <typeparam name="T">The values.</typeparam>
    /// <param name="type">Of a <c>JsonSerializerContext</c>.</param>
    /// <returns>A codec whose reading fails with <see cref="JsonException"/>.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="type"/> is null.</exception>
    public static IValueCodec<T> Json<T>(JsonTypeInfo<T> type)
    {
        ArgumentNullException.ThrowIfNull(type);
        return new JsonCodec<T>(type);
    }

    /// <summary>A value's bytes.</summary>
    /// <typeparam name="T">The values.</typeparam>
    /// <param name="codec">How they are written.</param>
    /// <param name="value">The value.</param>
    /// <returns>Memory of its own.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="codec"/> is null.</exception>
    public static Bytes Encode<T>(this IValueCodec<T> codec, T value)
    {
        ArgumentNullException.ThrowIfNull(codec);
        var output = new ArrayBufferWriter<byte>();
        codec.Write(value, output);
        return new(output.WrittenMemory);
    }

    private sealed class BytesCodec : IValueCodec<Bytes>
    {
        public void Write(Bytes value, IBufferWriter<byte> output) => output.Write(value.Span);

        public Bytes Read(ReadOnlyMemory<byte> bytes) => new(bytes);
    }

    private sealed class TextCodec : IValueCodec<string>
    {
        public void Write(string value, IBufferWriter<byte> output) => Encoding.UTF8.GetBytes(value, output);

        public string Read(ReadOnlyMemory<byte> bytes) => bytes.ToText();
    }

    private sealed class JsonCodec<T>(JsonTypeInfo<T> type) : IValueCodec<T>
    {
        public void Write(T value, IBufferWriter<byte> output)
        {
            using var writer = new Utf8JsonWriter(output);
            JsonSerializer.Serialize(writer, value, type);
        }

        public T Read(ReadOnlyMemory<byte> bytes) => JsonSerializer.Deserialize(bytes.Span, type)!;
    }
}
