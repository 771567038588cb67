using System.Text;
using Diesel.Reactive.Protocols.Http;

namespace Diesel.Reactive.Tests;

/// <summary>Bytes through the readers of both roles, as text.</summary>
internal static class HttpWire
{
    /// <summary>A request to a host, with a body behind it.</summary>
    public static string Request(string line, string fields = "", string body = "") => $"{line} HTTP/1.1\r\nHost: a\r\n{fields}\r\n{body}";

    /// <summary>What requests are read as: one line for each, then how it ended.</summary>
    public static string ReadRequests(IEnumerable<byte[]> chunks, HttpLimits? limits = null)
    {
        var reader = new HttpRequestReader(limits);
        return Read(reader, () => $"{reader.Head.Method} {reader.Head.Target}{(reader.Head.IsHttp10 ? " 1.0" : "")}", chunks);
    }

    public static string ReadRequests(string wire, HttpLimits? limits = null) => ReadRequests([Encoding.Latin1.GetBytes(wire)], limits);

    /// <summary>The same of responses to requests with these methods.</summary>
    public static string ReadResponses(IEnumerable<byte[]> chunks, string[] methods, HttpLimits? limits = null)
    {
        var reader = new HttpResponseReader(limits);
        foreach (var method in methods)
        {
            reader.Expect(method);
        }

        return Read(reader, () => $"{reader.Head.Status} {reader.Head.Reason}{(reader.Head.KeepsAlive ? "" : " closes")}", chunks);
    }

    public static string ReadResponses(string wire, params string[] methods) =>
        ReadResponses([Encoding.Latin1.GetBytes(wire)], methods.Length == 0 ? ["GET"] : methods);

    private static string Read(HttpReader reader, Func<string> head, IEnumerable<byte[]> chunks)
    {
        var story = new StringBuilder();
        var unread = Array.Empty<byte>();
        try
        {
            foreach (var chunk in chunks)
            {
                unread = [.. unread, .. chunk];
                while (unread.Length > 0 && reader.TryDecode(unread, out var part, out var consumed))
                {
                    Assert.That(consumed, Is.InRange(1, unread.Length));
                    unread = unread[consumed..];
                    story.Append(part.Kind == HttpPartKind.Head ? $"{head()} " : part.Kind == HttpPartKind.Data
                        ? Encoding.Latin1.GetString(part.Bytes.Span) : part.Bytes.IsEmpty ? "" : $"[{Encoding.Latin1.GetString(part.Bytes.Span).ReplaceLineEndings("|")}]");
                    story.Append(part.IsLast ? ". " : "");
                }
            }
        }
        catch (HttpRefusedException refused)
        {
            return $"{story}{refused.Status} {refused.Rule}";
        }

        return $"{story}{(unread.Length > 0 || reader.IsOwed ? "…" : "")}".TrimEnd();
    }
}
