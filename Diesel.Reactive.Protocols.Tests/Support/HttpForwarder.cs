using System.Net;
using Diesel.Reactive.Protocols.Http;

namespace Diesel.Reactive.Tests;

/// <summary>A reverse proxy of a service and the codec, as small as can be: what it has read as a request it writes anew.</summary>
internal static class HttpForwarder
{
    private static readonly string[] HopByHop = ["Connection", "Keep-Alive", "TE", "Trailer", "Upgrade", "Proxy-Connection", "Transfer-Encoding", "Content-Length", "Expect"];

    /// <summary>Sends each request on, marked, on a connection of its own, which stays for a moment: what the other makes of bytes behind it is to be seen.</summary>
    public static Func<HttpRequest, Task<HttpResponse>> To(EndPoint back, string mark) => async request =>
    {
        using var connection = await Tcp.Connect(back);
        var headers = HopByHop.Concat(request.Headers.GetAll("Connection").SelectMany(static list => list.Split(',', StringSplitOptions.TrimEntries)))
            .Aggregate(request.Headers, static (all, name) => all.Remove(name)).Add(mark, "1");
        headers = request.Body.Length is { } length ? headers.Add("Content-Length", $"{length}") : headers.Add("Transfer-Encoding", "chunked");
        HttpCodec.WriteRequest(connection.Output, request.Method, request.Path == "/" ? "/" : request.Target, headers);
        await request.Body.Do(bytes => Write(connection, request, bytes)).LastOrDefaultAsync().ToAwaitable();
        if (request.Body.Length is null)
        {
            HttpCodec.WriteLastChunk(connection.Output, request.Trailers);
        }

        var (status, body) = await Read(connection, request.Method);
        await Hub.Current!.Sleep(TimeSpan.FromMilliseconds(50));
        return HttpResponse.Bytes(body, status: status);
    };

    private static void Write(Connection connection, HttpRequest request, ReadOnlyMemory<byte> bytes)
    {
        if (request.Body.Length is null)
        {
            HttpCodec.WriteChunk(connection.Output, bytes.Span);
        }
        else
        {
            connection.OnNext(bytes);
        }
    }

    private static async Task<(int Status, byte[] Body)> Read(Connection connection, string method)
    {
        var reader = new HttpResponseReader();
        reader.Expect(method);
        var body = new List<byte>();
        await connection.Decode(new Answers(reader)).Do(part => body.AddRange(part.Kind == HttpPartKind.Data ? part.Bytes.Span : default))
            .TakeWhile(part => !part.IsLast || reader.Head.Status < 200).LastOrDefaultAsync().ToAwaitable();
        return (reader.Head.Status, [.. body]);
    }

    private sealed class Answers(HttpResponseReader reader) : Framing<HttpPart>
    {
        public override Decoder<HttpPart> CreateDecoder() => reader;
    }
}
