using System.Buffers;
using System.Buffers.Text;
using System.Text;

namespace Diesel.Reactive.Protocols.Http;

/// <summary>Writes messages: heads, and what frames a body in chunks. <see cref="HttpRequestReader"/> and <see cref="HttpResponseReader"/> read
/// them.</summary>
/// <remarks>Headers say how long the body is; that they fit what is written behind them is the caller's care.</remarks>
public static class HttpCodec
{
    /// <summary>The most bytes that a chunk's size and its line end take.</summary>
    internal const int MostOfChunkHead = 18;

    internal static readonly ReadOnlyMemory<byte> LineEnd = "\r\n"u8.ToArray();

    /// <summary>Writes the head of a request.</summary>
    /// <param name="output">Where it goes.</param>
    /// <param name="method">A token.</param>
    /// <param name="target">A path, a URI, an authority or <c>*</c>, escaped as RFC 3986 tells.</param>
    /// <param name="headers">With Host.</param>
    /// <exception cref="ArgumentNullException">An argument is null.</exception>
    /// <exception cref="ArgumentException">Method or target is none: a space or line end in it would be another request.</exception>
    public static void WriteRequest(IBufferWriter<byte> output, string method, string target, HttpHeaders headers)
    {
        ArgumentNullException.ThrowIfNull(output);
        ArgumentNullException.ThrowIfNull(method);
        ArgumentNullException.ThrowIfNull(target);
        WriteRequestLine(output, method, target);
        output.Write(headers.Lines.Span);
        output.Write("\r\n"u8);
    }

    /// <summary>Writes the head of a response.</summary>
    /// <param name="output">Where it goes.</param>
    /// <param name="status">100 to 599; its reason is the registered one.</param>
    /// <param name="headers">All of them.</param>
    /// <exception cref="ArgumentNullException"><paramref name="output"/> is null.</exception>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="status"/> is none.</exception>
    public static void WriteResponse(IBufferWriter<byte> output, int status, HttpHeaders headers)
    {
        ArgumentNullException.ThrowIfNull(output);
        ArgumentOutOfRangeException.ThrowIfLessThan(status, 100);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(status, 599);
        output.Write(HttpStatus.Line(status));
        output.Write(headers.Lines.Span);
        output.Write("\r\n"u8);
    }

    /// <summary>Writes a chunk of a body.</summary>
    /// <param name="output">Where it goes.</param>
    /// <param name="data">Some of the body; of none nothing is written, as an empty chunk is the last.</param>
    /// <exception cref="ArgumentNullException"><paramref name="output"/> is null.</exception>
    public static void WriteChunk(IBufferWriter<byte> output, ReadOnlySpan<byte> data)
    {
        ArgumentNullException.ThrowIfNull(output);
        if (!data.IsEmpty)
        {
            WriteChunkHead(output, data.Length);
            output.Write(data);
            output.Write("\r\n"u8);
        }
    }

    /// <summary>Writes the last chunk.</summary>
    /// <param name="output">Where it goes.</param>
    /// <param name="trailers">Fields behind the body; mostly none.</param>
    /// <exception cref="ArgumentNullException"><paramref name="output"/> is null.</exception>
    public static void WriteLastChunk(IBufferWriter<byte> output, HttpHeaders trailers = default)
    {
        ArgumentNullException.ThrowIfNull(output);
        output.Write("0\r\n"u8);
        output.Write(trailers.Lines.Span);
        output.Write("\r\n"u8);
    }

    /// <summary>Writes the first line of a request; what is no method and target is refused, and nothing written.</summary>
    internal static void WriteRequestLine(IBufferWriter<byte> output, string method, string target, bool isHttp10 = false)
    {
        const int Rest = 12;
        var room = output.GetSpan(method.Length + target.Length + Rest);
        var end = Encoding.Latin1.GetBytes(method, room);
        if (!HttpGrammar.IsToken(room[..end]))
        {
            throw new ArgumentException($"'{method}' is no method: it is made of letters, digits and !#$%&'*+-.^_`|~.", nameof(method));
        }

        room[end++] = (byte)' ';
        var length = Encoding.Latin1.GetBytes(target, room[end..]);
        if (length == 0 || room.Slice(end, length).ContainsAnyExcept(HttpGrammar.Target) || target.AsSpan().ContainsAnyExceptInRange('!', '~'))
        {
            throw new ArgumentException("The target has a character that none may have: escape it, and leave out the fragment.", nameof(target));
        }

        end += length;
        var version = isHttp10 ? " HTTP/1.0\r\n"u8 : " HTTP/1.1\r\n"u8;
        version.CopyTo(room[end..]);
        output.Advance(end + version.Length);
    }

    /// <summary>Writes a chunk's size; its data and a line end are to follow.</summary>
    internal static void WriteChunkHead(IBufferWriter<byte> output, int length)
    {
        var room = output.GetSpan(MostOfChunkHead);
        _ = Utf8Formatter.TryFormat(length, room, out var digits, new StandardFormat('x'));
        "\r\n"u8.CopyTo(room[digits..]);
        output.Advance(digits + 2);
    }
}
