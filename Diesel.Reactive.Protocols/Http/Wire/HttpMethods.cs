using System.Text;

namespace Diesel.Reactive.Protocols.Http;

/// <summary>The methods that have a name here, so that asking for it makes no string.</summary>
internal static class HttpMethods
{
    public static string Name(ReadOnlySpan<byte> method) => method.Length switch
    {
        3 when method.SequenceEqual("GET"u8) => "GET",
        3 when method.SequenceEqual("PUT"u8) => "PUT",
        4 when method.SequenceEqual("POST"u8) => "POST",
        4 when method.SequenceEqual("HEAD"u8) => "HEAD",
        5 when method.SequenceEqual("PATCH"u8) => "PATCH",
        5 when method.SequenceEqual("TRACE"u8) => "TRACE",
        6 when method.SequenceEqual("DELETE"u8) => "DELETE",
        7 when method.SequenceEqual("OPTIONS"u8) => "OPTIONS",
        7 when method.SequenceEqual("CONNECT"u8) => "CONNECT",
        _ => Encoding.ASCII.GetString(method),
    };

    /// <summary>Whether it is one of those that have a name.</summary>
    public static bool IsKnown(string method) => method is "GET" or "POST" or "PUT" or "HEAD" or "DELETE" or "OPTIONS" or "PATCH" or "CONNECT" or "TRACE";

    /// <summary>Whether it changes nothing (RFC 9110 §9.2.1).</summary>
    public static bool IsSafe(string method) => method is "GET" or "HEAD" or "OPTIONS" or "TRACE";

    /// <summary>Whether twice is as good as once (RFC 9110 §9.2.2).</summary>
    public static bool IsIdempotent(string method) => IsSafe(method) || method is "PUT" or "DELETE";
}
