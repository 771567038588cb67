namespace Diesel.Reactive.Protocols.Http;

/// <summary>What is let pass though the grammar forbids it. All of them are off: where two programs read a message in two ways, requests are
/// smuggled between them.</summary>
[Flags]
public enum HttpLeniencies
{
    /// <summary>Nothing: the grammar as it is written.</summary>
    None = 0,

    /// <summary>Lines of a head may end in LF alone (RFC 9112 §2.2). Lines of chunks may not.</summary>
    LoneLf = 1,

    /// <summary>A Content-Length that is repeated with the same value counts as one (RFC 9110 §8.6).</summary>
    RepeatedContentLength = 2,

    /// <summary>A status line may end behind the status (RFC 9112 §4 wants a space there).</summary>
    StatusWithoutSpace = 4,
}
