namespace Diesel.Reactive.Protocols.Http;

/// <summary>What of a form of parts was found.</summary>
internal enum MultipartKind
{
    /// <summary>What stands before the first part, and behind the last.</summary>
    Nothing,
    Head,
    Data,
    EndOfPart,
    EndOfForm,
}

/// <summary>A piece of a form of parts.</summary>
internal readonly record struct MultipartPiece(MultipartKind Kind, ReadOnlyMemory<byte> Bytes);
