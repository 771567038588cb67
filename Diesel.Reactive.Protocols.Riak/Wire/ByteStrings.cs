using Google.Protobuf;

namespace Diesel.Reactive.Protocols.Riak;

/// <summary>Between the bytes of a caller and those of a message; nothing is copied.</summary>
internal static class ByteStrings
{
    public static ByteString ToByteString(this Bytes bytes) => UnsafeByteOperations.UnsafeWrap(bytes.Memory);

    public static ByteString ToByteString(this string text) => ByteString.CopyFromUtf8(text);

    public static Bytes ToBytes(this ByteString bytes) => new(bytes.Memory);

    /// <summary>The bytes of a field that is there; null: it is absent, which is something else than empty.</summary>
    public static Bytes? If(this ByteString bytes, bool isThere) => isThere ? new Bytes(bytes.Memory) : default(Bytes?);

    public static IReadOnlyList<Bytes> ToList(this IEnumerable<ByteString> all) => [.. all.Select(ToBytes)];
}
