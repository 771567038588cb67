namespace Diesel.Reactive.Protocols.Http;

/// <summary>How the end of a body is known.</summary>
public enum HttpBodyKind
{
    /// <summary>There is no body.</summary>
    None,

    /// <summary>It is so many bytes.</summary>
    Counted,

    /// <summary>It comes in chunks, of which an empty one is the last.</summary>
    Chunked,

    /// <summary>It ends with the connection.</summary>
    UntilEnd,

    /// <summary>What follows is no message: the connection is another protocol's.</summary>
    Tunnel,
}
