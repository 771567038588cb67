#:project ../Diesel.Reactive.Protocols

// A server with something of everything that HTTP/1.1 knows, for programs that grade servers. Start it and ask: curl http://127.0.0.1:8088/info/x
using System.Net;
using System.Reactive.Linq;
using Diesel.Reactive;
using Diesel.Reactive.Protocols.Http;

var service = new HttpService(new IPEndPoint(IPAddress.Loopback, args.Port(8088)), request =>
    request.Path == "/info" || request.Path.StartsWith("/info/", StringComparison.Ordinal) ? Info(request)
    : request.Path == "/ws" ? request.AcceptWebSocket(socket => socket, new() { Deflate = new() })
    : HttpResponse.Text("nothing is here", 404));
service
    .Route("GET", "/", _ => HttpResponse.Text("hello"))
    .Route("POST", "/echo", Echo).Route("PUT", "/echo", Echo).Route("PATCH", "/echo", Echo)
    .Route("GET", "/headers", request => HttpResponse.Text(string.Concat(request.Headers.Select(field => $"{field.Name}: [{field.Value}]\n"))))
    .Route("GET", "/context", _ => HttpResponse.Text($"sync={SynchronizationContext.Current?.GetType().Name} pool={Thread.CurrentThread.IsThreadPoolThread}"))
    .Route("POST", "/trailers-in", async request =>
    {
        await request.Read();
        return HttpResponse.Text(request.Trailers.IsEmpty ? "none" : string.Concat(request.Trailers.Select(field => $"{field.Name}: [{field.Value}]\n")));
    })
    .Route("GET", "/chunked", _ => Observable.Return("hello ").Concat(Observable.Return("world")).AsResponse())
    .Route("GET", "/trailers", _ => HttpResponse.Text("body").WithTrailers(() => HttpHeaders.Of(("X-Check", "yes")), "X-Check"))
    .Route("GET", "/nobody", _ => HttpResponse.Of(204))
    .Route("GET", "/notmodified", _ => HttpResponse.Of(304).With("ETag", "\"1\""))
    .Route("GET", "/reset", _ => HttpResponse.Of(205))
    .Route("GET", "/early", _ => HttpResponse.Text("early")).Route("POST", "/early", _ => HttpResponse.Text("early"))
    .Route("POST", "/refuse", _ => HttpResponse.Text("refused", 403))
    .Route("GET", "/throw", HttpResponse (_) => throw new InvalidOperationException("thrown by the handler"))
    .Route("GET", "/throw-late", _ => Late("partial").Concat(Observable.Throw<string>(new InvalidOperationException("thrown after the start"))).AsResponse())
    .Route("GET", "/short", _ => Late("only this").Select(text => text.ToBytes()).AsResponse("text/plain", length: 100))
    .Route("GET", "/long", _ => Late("mor").Concat(Late("e than three")).Select(text => text.ToBytes()).AsResponse("text/plain", length: 3))
    .Route("GET", "/slow", async _ =>
    {
        await Hub.Current!.Sleep(TimeSpan.FromMilliseconds(300));
        return HttpResponse.Text("slow");
    })
    .Route("GET", "/big", _ => HttpResponse.Text(new string('x', 1 << 20)))
    .Route("GET", "/abort", _ => HttpResponse.Reset())
    .Route("GET", "/inject", _ => HttpResponse.Text("injected").With("X-Evil", "a\r\nSet-Cookie: b=c"))
    .Route("GET", "/latebody", _ => HttpResponse.Text("not allowed", 204))
    .Route("GET", "/sse", _ => Observable.Range(0, 3).Select(n => Late($"data: {n}\n\n", n * 20)).Concat().AsResponse("text/event-stream"))
    .Route("GET", "/upgrade", request => request.Proposes("echo") ? HttpResponse.Upgrade("echo", connection => connection) : HttpResponse.Text("no upgrade"));

Application.Quickstart(service, () => Console.WriteLine($"listening on {service.EndPoint}"));

async Task<HttpResponse> Echo(HttpRequest request) => HttpResponse.Bytes(await request.Read());

HttpResponse Info(HttpRequest request) => HttpResponse.Text(
    $"method={request.Method}\nscheme=http\nhost={request.Host}\npath={request.Path}\nquery={request.QueryString}\n" +
    $"protocol={request.Protocol}\nraw={request.Target}\ncanhavebody={request.Body.Length != 0}\n");

IObservable<string> Late(string text, int milliseconds = 1) =>
    Observable.Timer(TimeSpan.FromMilliseconds(Math.Max(1, milliseconds)), Hub.Current!).Select(_ => text);
