using System.Buffers;
using System.Buffers.Text;

namespace Diesel.Reactive.Protocols.Http;

/// <summary>Writes the heads of responses, and bodies that are in memory, into the turn's output of a connection.</summary>
internal static class HttpResponseWriter
{
    /// <summary>Below this, copying is cheaper than one more piece of output.</summary>
    public const int MostCopied = 4 * 1024;

    private const int MostOfLength = 40;

    private static readonly byte[] Close = [.. "Connection: close\r\n"u8];
    private static readonly byte[] KeepAlive = [.. "Connection: keep-alive\r\n"u8];
    private static readonly byte[] Upgrade = [.. "Connection: Upgrade\r\n"u8];
    private static readonly byte[] Chunked = [.. "Transfer-Encoding: chunked\r\n"u8];
    private static readonly byte[] Nothing = [];

    /// <summary>What is said of the connection.</summary>
    public static byte[] ConnectionLine(int status, bool keeps, bool isHttp10) =>
        status == 101 ? Upgrade : !keeps ? Close : isHttp10 ? KeepAlive : Nothing;

    /// <summary>Writes a head.</summary>
    /// <param name="connection">Where it goes.</param>
    /// <param name="date">The Date field as of this turn.</param>
    /// <param name="status">Of the response.</param>
    /// <param name="fields">Lines, but those that frame it.</param>
    /// <param name="length">How its body's length is said; of one that is not counted and not in chunks nothing is.</param>
    /// <param name="connectionLine">Of <see cref="ConnectionLine"/>.</param>
    /// <param name="body">What follows at once.</param>
    public static void WriteHead(
        Connection connection, ReadOnlySpan<byte> date, int status, ReadOnlySpan<byte> fields, HttpBodyLength length, byte[] connectionLine, ReadOnlySpan<byte> body = default)
    {
        var output = connection.Output;
        var line = HttpStatus.Line(status);
        var room = output.GetSpan(line.Length + fields.Length + date.Length + MostOfLength + connectionLine.Length + 2 + body.Length);
        var at = 0;
        Append(room, ref at, line);
        Append(room, ref at, date);
        Append(room, ref at, fields);
        if (length.Kind == HttpBodyKind.Counted)
        {
            Append(room, ref at, "Content-Length: "u8);
            _ = Utf8Formatter.TryFormat(length.Count, room[at..], out var digits);
            at += digits;
            Append(room, ref at, "\r\n"u8);
        }
        else if (length.Kind == HttpBodyKind.Chunked)
        {
            Append(room, ref at, Chunked);
        }

        Append(room, ref at, connectionLine);
        Append(room, ref at, "\r\n"u8);
        Append(room, ref at, body);
        output.Advance(at);
    }

    /// <summary>Writes some of a body: copied if it is short, else sent where it lies.</summary>
    public static void Write(Connection connection, ReadOnlyMemory<byte> bytes)
    {
        if (bytes.Length > MostCopied)
        {
            connection.OnNext(bytes);
        }
        else if (!bytes.IsEmpty)
        {
            connection.Output.Write(bytes.Span);
        }
    }

    /// <summary>Writes some of a body as a chunk.</summary>
    public static void WriteChunk(Connection connection, ReadOnlyMemory<byte> bytes)
    {
        if (!bytes.IsEmpty)
        {
            HttpCodec.WriteChunkHead(connection.Output, bytes.Length);
            Write(connection, bytes);
            Write(connection, HttpCodec.LineEnd);
        }
    }

    private static void Append(Span<byte> room, ref int at, ReadOnlySpan<byte> text)
    {
        text.CopyTo(room[at..]);
        at += text.Length;
    }
}
