namespace Diesel.Reactive.Protocols.Http;

/// <summary>What the Transfer-Encoding fields of a message say together (RFC 9112 §6.1, §7).</summary>
internal enum HttpTransferCoding
{
    /// <summary>There is none.</summary>
    None,

    /// <summary><c>chunked</c> and nothing else.</summary>
    Chunked,

    /// <summary>Others and then <c>chunked</c>.</summary>
    OthersAndChunked,

    /// <summary><c>chunked</c> is not the last, or not among them.</summary>
    NotChunked,

    /// <summary>No list of codings, or <c>chunked</c> twice.</summary>
    Invalid,
}
