namespace Diesel.Reactive.Protocols.Http;

/// <summary>Part of a file.</summary>
/// <param name="Before">Bytes that go before it; mostly none.</param>
/// <param name="Offset">Where it begins.</param>
/// <param name="Count">How many bytes; 0: there is only what goes before.</param>
internal readonly record struct HttpFilePiece(ReadOnlyMemory<byte> Before, long Offset, long Count);
