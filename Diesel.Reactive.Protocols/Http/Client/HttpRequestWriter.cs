using System.Buffers;
using System.Buffers.Text;

namespace Diesel.Reactive.Protocols.Http;

/// <summary>Writes the heads of a client's requests.</summary>
internal static class HttpRequestWriter
{
    /// <summary>Writes a head.</summary>
    /// <exception cref="ArgumentException">Method or target is none; nothing was written.</exception>
    public static void Write(IBufferWriter<byte> output, HttpCall call)
    {
        HttpCodec.WriteRequestLine(output, call.Method, call.Target, call.IsHttp10);
        output.Write(call.HostLine.Span);
        output.Write(HttpExtras.Own(call).Lines.Span);
        output.Write(call.Extras.Span);
        if (call.Body is { } body)
        {
            output.Write(body.Headers.Lines.Span);
            WriteLength(output, body.Length);
            output.Write(call.ExpectsContinue ? "Expect: 100-continue\r\n"u8 : default);
        }
        else if (call.Method is "POST" or "PUT" or "PATCH")
        {
            WriteLength(output, 0);
        }

        output.Write("\r\n"u8);
    }

    private static void WriteLength(IBufferWriter<byte> output, long? length)
    {
        if (length is not { } count)
        {
            output.Write("Transfer-Encoding: chunked\r\n"u8);
            return;
        }

        const int Most = 40;
        var name = "Content-Length: "u8.Length;
        var room = output.GetSpan(Most);
        "Content-Length: "u8.CopyTo(room);
        _ = Utf8Formatter.TryFormat(count, room[name..], out var digits);
        "\r\n"u8.CopyTo(room[(name + digits)..]);
        output.Advance(name + digits + 2);
    }
}
