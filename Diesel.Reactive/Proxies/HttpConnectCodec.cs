using System.Globalization;
using System.Text;

namespace Diesel.Reactive;

/// <summary>What is said between a client and an HTTP proxy before a tunnel is there.</summary>
/// <remarks>RFC 9110, section 9.3.6: a 2xx answer has no content; what follows its head is the tunnel's.</remarks>
internal static class HttpConnectCodec
{
    private const int MostAnswer = 16 * 1024;
    private const int StatusLength = 3;
    private const string Scheme = "proxy-authenticate:";

    /// <summary>The head of an answer.</summary>
    public static Framing<HttpConnectAnswer> Answer { get; } = Framing.Until("\r\n\r\n", MostAnswer).Select(Parse);

    /// <param name="authority">Host and port.</param>
    /// <param name="credentials">Name and password, with a colon between; null: none.</param>
    public static string Request(string authority, string? credentials)
    {
        var login = credentials is null ? "" : $"Proxy-Authorization: Basic {Convert.ToBase64String(Encoding.UTF8.GetBytes(credentials))}\r\n";
        return $"CONNECT {authority} HTTP/1.1\r\nHost: {authority}\r\n{login}\r\n";
    }

    private static HttpConnectAnswer Parse(ReadOnlyMemory<byte> head)
    {
        var lines = Encoding.Latin1.GetString(head.Span).Split("\r\n");
        var parts = lines[0].Split(' ', 3);
        return parts.Length >= 2 && parts[0] is "HTTP/1.1" or "HTTP/1.0" && parts[1].Length == StatusLength
            && int.TryParse(parts[1], NumberStyles.None, CultureInfo.InvariantCulture, out var status) && status >= 100
            ? new HttpConnectAnswer(status, parts.Length > 2 ? Label.OneLine(parts[2]) : "", Schemes(lines))
            : throw new ProtocolException($"It answered '{Label.OneLine(lines[0][..Math.Min(lines[0].Length, 80)])}': is it an HTTP proxy?");
    }

    private static string Schemes(IEnumerable<string> lines)
    {
        var schemes = lines.Where(static line => line.StartsWith(Scheme, StringComparison.OrdinalIgnoreCase))
            .Select(static line => Label.OneLine(line[Scheme.Length..].Trim().Split(' ')[0])).ToList();
        return schemes.Count > 0 ? string.Join(", ", schemes) : "none";
    }
}

/// <summary>What a proxy answers.</summary>
/// <param name="Status">100 to 999.</param>
/// <param name="Reason">In one line; may be empty.</param>
/// <param name="Schemes">The kinds of login that it offers.</param>
internal sealed record HttpConnectAnswer(int Status, string Reason, string Schemes)
{
    public override string ToString() => $"{Status} {Reason}".TrimEnd();
}
