#:project ../Diesel.Reactive.Protocols

// diesel's HTTP client: request(method, path, headers), here with bodies that are observables; and .NET's HttpClient over the same connections.
//     dotnet run samples/http-client.cs                        a server of its own, which ends with it
//     dotnet run samples/http-client.cs -- http://localhost/   an existing one: the head of its answer, and how long the body is
using System.Net;
using System.Reactive.Linq;
using Diesel.Reactive;
using Diesel.Reactive.Protocols.Http;

if (args is [var address])
{
    Application.Quickstart(() => Ask(new Uri(address)));
    return;
}

var server = new HttpService(new IPEndPoint(IPAddress.Loopback, 0))
    .Route("GET", "/", request => HttpResponse.Text($"hello, {request.Headers["User-Agent"]}"))
    .Route("GET", "/old", _ => HttpResponse.Redirect("/"))
    .Route("POST", "/upper", request => request.Body.Select(chunk => chunk.ToUpper()).AsResponse("text/plain"))
    .Route("GET", "/ticks", _ => Observable.Interval(TimeSpan.FromMilliseconds(20), Hub.Current!).Take(3).Select(n => $"tick {n}\n").AsResponse());
Application.Quickstart(server, () => Demo(server.Port));

async Task Ask(Uri uri)
{
    using var client = new HttpHubClient(uri);
    var reply = await client.Request("GET", uri.PathAndQuery, HttpHeaders.Of(("User-Agent", "diesel")));
    Console.WriteLine($"{reply}\n{reply.Headers}\n{await reply.Body.Sum(chunk => chunk.Length)} bytes from {reply.Uri}");
    Application.Quickstop();
}

async Task Demo(int port)
{
    using var client = new HttpHubClient("localhost", port);
    var headers = HttpHeaders.Of(("User-Agent", "diesel"));
    var response = await client.Request("GET", "/", headers);
    Console.WriteLine($"{response.Status} {await response.ReadText()}");

    // A redirect is followed, and the connection is used again.
    response = await client.Request("GET", "/old", headers);
    Console.WriteLine($"{response.Uri.AbsolutePath}: {await response.ReadText()}; {client.Counts.Created} connection");

    // Bodies come and go in pieces; whoever does not take them holds whoever makes them.
    response = await client.Request("POST", "/upper", body: HttpRequestBody.Streamed(Observable.Range(1, 3).Select(n => $"piece {n} ".ToBytes()), "text/plain"));
    Console.WriteLine(await response.ReadText());
    response = await client.Request("GET", "/ticks");
    await response.Body.Do(chunk => Console.Write(chunk.ToText()));

    // .NET's own client, over connections of this hub.
    using var http = new HttpClient(new DieselHttpHandler());
    http.DefaultRequestHeaders.UserAgent.ParseAdd("HttpClient");
    Console.WriteLine(await http.GetStringAsync(new Uri($"http://localhost:{port}/old")));
    Application.Quickstop();
}
