using System.Text;

namespace Diesel.Reactive.Protocols.Http;

/// <summary>The path of a target (RFC 3986 §3.3, §5.2.4).</summary>
internal static class HttpPath
{
    public static string Of(in HttpRequestHead head)
    {
        var target = head.PathAndQuery.Span;
        var query = target.IndexOf((byte)'?');
        var path = query < 0 ? target : target[..query];
        return path.IsEmpty ? "/" : head.IsEscaped ? Normal(path) : Encoding.ASCII.GetString(path);
    }

    public static string QueryOf(in HttpRequestHead head)
    {
        var target = head.PathAndQuery.Span;
        var query = target.IndexOf((byte)'?');
        return query < 0 ? "" : Encoding.ASCII.GetString(target[query..]);
    }

    /// <summary>Decoded first, so that dots are dots however they are written; a slash that was encoded stays so.</summary>
    private static string Normal(ReadOnlySpan<byte> path)
    {
        var decoded = new byte[path.Length];
        var length = 0;
        for (var at = 0; at < path.Length; at++)
        {
            if (path[at] == '%' && Hex(path[at + 1], path[at + 2]) is not (byte)'/' and var octet)
            {
                decoded[length++] = octet;
                at += 2;
            }
            else
            {
                decoded[length++] = path[at];
            }
        }

        return WithoutDots(Encoding.UTF8.GetString(decoded.AsSpan(0, length)));
    }

    private static string WithoutDots(string path)
    {
        var kept = new List<string>();
        var segments = path.Split('/');
        for (var i = 1; i < segments.Length; i++)
        {
            var isLast = i == segments.Length - 1;
            switch (segments[i])
            {
                case ".." or ".":
                    if (segments[i].Length == 2 && kept.Count > 0)
                    {
                        kept.RemoveAt(kept.Count - 1);
                    }

                    if (isLast)
                    {
                        kept.Add("");
                    }

                    break;
                default:
                    kept.Add(segments[i]);
                    break;
            }
        }

        return $"/{string.Join('/', kept)}";
    }

    private static byte Hex(byte high, byte low) => (byte)((Digit(high) << 4) | Digit(low));

    private static int Digit(byte digit) => digit <= '9' ? digit - '0' : (digit | 0x20) - 'a' + 10;
}
