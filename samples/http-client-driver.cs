#:project ../Diesel.Reactive.Protocols

// For programs that grade HTTP clients: each line of standard input is a request in JSON, each line of standard output what came of it.
//     dotnet run samples/http-client-driver.cs -- handler   .NET's HttpClient over DieselHttpHandler
//     dotnet run samples/http-client-driver.cs -- hub       HttpHubClient
using System.Net;
using System.Reactive.Linq;
using System.Text;
using System.Text.Json;
using Diesel.Reactive;
using Diesel.Reactive.Protocols.Http;

if (args is not ["handler" or "hub"])
{
    Console.Error.WriteLine("http-client-driver: say which client is driven: handler or hub.");
    return 2;
}

var options = DieselHttpHandler.Defaults with
{
    ConnectTimeout = TimeSpan.FromSeconds(2), ExpectTimeout = TimeSpan.FromMilliseconds(400), Timeout = TimeSpan.FromSeconds(3), Cookies = null, WebProxy = null,
};
using var http = new HttpClient(new DieselHttpHandler(options)) { Timeout = TimeSpan.FromSeconds(4) };
using var hub = new HttpHubClient("127.0.0.1", options: options);
while (Console.ReadLine() is { } line)
{
    var order = JsonSerializer.Deserialize<Order>(line, JsonSerializerOptions.Web)!;
    var work = Carry(order);
    if (!order.Async)
    {
        await work;
    }
}

return 0;

async Task Carry(Order order)
{
    var outcome = new Outcome { Id = order.Id };
    using var cancellation = new CancellationTokenSource();
    if (order.CancelAfterMs > 0)
    {
        cancellation.CancelAfter(order.CancelAfterMs);
    }

    try
    {
        await (args[0] == "hub" ? ByHub(order, outcome, cancellation.Token) : ByHandler(order, outcome, cancellation.Token));
    }
    catch (Exception error)
    {
        outcome.Error = $"{error.GetType().Name}: {error.Message}{(error.InnerException is { } inner ? $" / {inner.GetType().Name}: {inner.Message}" : "")}";
    }

    lock (options)
    {
        Console.WriteLine(JsonSerializer.Serialize(outcome, JsonSerializerOptions.Web));
    }
}

async Task ByHandler(Order order, Outcome outcome, CancellationToken cancellation)
{
    using var request = new HttpRequestMessage(new HttpMethod(order.Method), order.Url);
    if (order.Bytes is { } bytes)
    {
        request.Content = order.Chunked ? new StreamContent(new MemoryStream(bytes)) : new ByteArrayContent(bytes);
        request.Headers.TransferEncodingChunked = order.Chunked ? true : null;
    }

    request.Headers.ExpectContinue = order.Expect ? true : null;
    foreach (var (name, value) in order.Headers)
    {
        request.Headers.TryAddWithoutValidation(name, value);
    }

    var until = order.HeadersOnly ? HttpCompletionOption.ResponseHeadersRead : HttpCompletionOption.ResponseContentRead;
    using var response = await http.SendAsync(request, until, cancellation);
    (outcome.Status, outcome.Version) = ((int)response.StatusCode, response.Version.ToString());
    outcome.Headers = [.. response.Headers.Concat(response.Content.Headers).SelectMany(field => field.Value.Select(value => new[] { field.Key, value }))];
    if (!order.HeadersOnly)
    {
        outcome.Take(await response.Content.ReadAsByteArrayAsync(cancellation));
    }

    outcome.Trailers = [.. response.TrailingHeaders.SelectMany(field => field.Value.Select(value => new[] { field.Key, value }))];
}

async Task ByHub(Order order, Outcome outcome, CancellationToken cancellation)
{
    var headers = HttpHeaders.Of([.. order.Headers.Select(field => (field.Key, field.Value))]);
    headers = order.Expect ? headers.Add("Expect", "100-continue") : headers;
    var body = order.Bytes is not { } bytes ? null
        : order.Chunked ? HttpRequestBody.Streamed(Observable.Return((ReadOnlyMemory<byte>)bytes)) : HttpRequestBody.Bytes(bytes);
    var reply = await hub.Request(order.Method, order.Url, headers, body).Until(cancellation).AsTask();
    (outcome.Status, outcome.Version) = (reply.Status, reply.Protocol[5..]);
    outcome.Headers = [.. reply.Headers.Select(field => new[] { field.Name, field.Value })];
    if (order.HeadersOnly)
    {
        reply.Dispose();
    }
    else
    {
        outcome.Take((await reply.Read().Until(cancellation).AsTask()).Span);
    }

    outcome.Trailers = [.. reply.Trailers.Select(field => new[] { field.Name, field.Value })];
}

sealed class Order
{
    public string Id { get; init; } = "";
    public string Method { get; init; } = "GET";
    public string Url { get; init; } = "";
    public string? Body { get; init; }
    public int BodyRepeat { get; init; }
    public bool Chunked { get; init; }
    public bool Expect { get; init; }
    public bool HeadersOnly { get; init; }
    public bool Async { get; init; }
    public int CancelAfterMs { get; init; }
    public Dictionary<string, string> Headers { get; init; } = [];

    public byte[]? Bytes => Body is null ? null : Encoding.Latin1.GetBytes(string.Concat(Enumerable.Repeat(Body, Math.Max(1, BodyRepeat))));
}

sealed class Outcome
{
    public string Id { get; init; } = "";
    public int Status { get; set; }
    public string? Version { get; set; }
    public string[][] Headers { get; set; } = [];
    public string[][] Trailers { get; set; } = [];
    public string? Body { get; set; }
    public int Length { get; set; }
    public string? Error { get; set; }

    public void Take(ReadOnlySpan<byte> body) => (Length, Body) = (body.Length, Encoding.Latin1.GetString(body[..Math.Min(body.Length, 200)]));
}
