namespace Diesel.Reactive.Protocols.Http;

/// <summary>How long the body of a message is: the rules of RFC 9112 §6.3 in their order, and those of §6.1 that refuse, as one table for both
/// roles. The first row that fits holds.</summary>
internal static class HttpBodyRules
{
    /// <summary>Looks it up.</summary>
    /// <param name="facts">What the head says.</param>
    /// <param name="status">The status; 0: it is a request.</param>
    /// <param name="method">What was asked: of a response only.</param>
    /// <returns>The length.</returns>
    /// <exception cref="HttpRefusedException">The head contradicts itself.</exception>
    public static HttpBodyLength Of(in HttpHeadFacts facts, int status = 0, ReadOnlySpan<byte> method = default) =>
        (Asked(status, method), facts.Coding, facts.Length >= 0, facts.IsHttp10) switch
        {
            // 1: the answer to HEAD, 1xx, 204 and 304 end behind the head, whatever is in it.
            (Role.Bodiless, _, _, _) => HttpBodyLength.None,

            // 2: a successful answer to CONNECT, and 101.
            (Role.Tunnel, _, _, _) => HttpBodyLength.Tunnel,

            // 3: both, which is how requests are smuggled; and §6.1, chunks in HTTP/1.0.
            (var role, not HttpTransferCoding.None, true, _) => throw Refused(role, 400, "RFC 9112 §6.3", "There are both Transfer-Encoding and Content-Length"),
            (var role, not HttpTransferCoding.None, _, true) => throw Refused(role, 400, "RFC 9112 §6.1", "There is Transfer-Encoding in HTTP/1.0"),

            // 4: chunked is the last coding, and here the only one; else a response lasts until the end and a request has no length.
            (_, HttpTransferCoding.Chunked, _, _) => HttpBodyLength.Chunked,
            (var role, HttpTransferCoding.OthersAndChunked, _, _) => throw Refused(role, 501, "RFC 9112 §6.1", "There is a transfer coding beside chunked"),
            (var role, HttpTransferCoding.NotChunked, _, _) => throw Refused(role, 400, "RFC 9112 §6.3", "The last transfer coding is not chunked"),
            (var role, HttpTransferCoding.Invalid, _, _) => throw Refused(role, 400, "RFC 9112 §6.1", "Transfer-Encoding is no list of codings, or has chunked twice"),

            // 5 (an invalid Content-Length) was refused where it stands. 6: a valid one.
            (_, _, true, _) => HttpBodyLength.Of(facts.Length),

            // 7: a request without both has none. 8: a response lasts until the end.
            (Role.Request, _, _, _) => HttpBodyLength.None,
            _ => HttpBodyLength.UntilEnd,
        };

    private enum Role
    {
        Request,
        Response,
        Bodiless,
        Tunnel,
    }

    private static Role Asked(int status, ReadOnlySpan<byte> method) => status switch
    {
        0 => Role.Request,
        101 => Role.Tunnel,
        < 200 or 204 or 304 => Role.Bodiless,
        < 300 when method.SequenceEqual("CONNECT"u8) => Role.Tunnel,
        _ => method.SequenceEqual("HEAD"u8) ? Role.Bodiless : Role.Response,
    };

    private static HttpRefusedException Refused(Role role, int status, string rule, string reason) => new(role == Role.Request ? status : 502, rule, reason);
}
