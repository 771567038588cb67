using System.Diagnostics;
using Diesel.Reactive.Protocols.Http;
using static Diesel.Reactive.Tests.HttpTalk;

namespace Diesel.Reactive.Tests;

/// <summary>What is measured, traced and logged of requests, under the names that ASP.NET Core's have.</summary>
[NonParallelizable]
public class HttpServerTelemetryTests
{
    private const string Trace = "0af7651916cd43dd8448eb211c80319c";
    private const string Parent = "b7ad6b7169203331";
    private const string Traced = $"GET /orders/7?secret HTTP/1.1\r\nHost: shop:8080\r\nUser-Agent: test\r\ntraceparent: 00-{Trace}-{Parent}-01\r\ntracestate: a=b\r\nbaggage: user=7\r\n\r\n";

    private static readonly HttpResponse Hello = HttpResponse.Text("hello");

    private Heard _heard = null!;
    private World _world = null!;

    [SetUp]
    public void Listen() => (_heard, _world) = (new Heard("Microsoft.AspNetCore.Hosting", "Microsoft.AspNetCore"), new World());

    [TearDown]
    public void Leave()
    {
        _world.Dispose();
        _heard.Dispose();
    }

    [Test]
    public void How_long_a_request_took_is_measured_in_seconds_and_how_many_are_under_way()
    {
        var peer = Asks(async _ =>
        {
            await _world.Hub.Sleep(TimeSpan.FromSeconds(2));
            return Hello;
        }, Traced);
        Assert.That(_heard.Measurements, Is.EqualTo(new[] { "http.server.active_requests 1 http.request.method=GET url.scheme=http" }));
        _world.Passes(2.5);
        Assert.That(peer.Answers(), Does.EndWith("hello"));
        Assert.That(_heard.Measurements.Skip(1), Is.EqualTo(new[]
        {
            "http.server.active_requests -1 http.request.method=GET url.scheme=http",
            "http.server.request.duration 2 http.request.method=GET http.response.status_code=200 http.route=/orders/{id} network.protocol.version=1.1 url.scheme=http",
        }));
    }

    [TestCase("GET /bad HTTP/1.1\r\nHost: a\r\n\r\n", "error.type=System.FormatException http.request.method=GET http.response.status_code=500 http.route=/bad")]
    [TestCase("GET /busy HTTP/1.1\r\nHost: a\r\n\r\n", "error.type=503 http.request.method=GET http.response.status_code=503 http.route=/busy")]
    [TestCase("GET /none HTTP/1.1\r\nHost: a\r\n\r\n", "http.request.method=GET http.response.status_code=404")]
    [TestCase("BREW /bad HTTP/1.1\r\nHost: a\r\n\r\n", "http.request.method=_OTHER http.response.status_code=405")]
    [TestCase("POST /refused HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\nx", "error.type=Diesel.Reactive.Protocols.Http.HttpRefusedException http.request.method=POST http.response.status_code=400 http.route=/refused")]
    [TestCase("GET /cut HTTP/1.1\r\nHost: a\r\n\r\n", "error.type=System.TimeoutException http.request.method=GET http.response.status_code=200 http.route=/cut")]
    public void What_went_wrong_has_its_kind(string request, string tags)
    {
        _world.Starts(Routes());
        _world.Dials(Port).Sends(request);
        _world.Passes(1);
        Assert.That(_heard.Measurements.Where(static each => each.StartsWith("http.server.request.duration", StringComparison.Ordinal)).Single(), Does.Contain($" {tags} network."));
        Assert.That(_heard.Measurements.Where(static each => each.StartsWith("http.server.active_requests", StringComparison.Ordinal)), Has.Exactly(2).Items);
    }

    [Test]
    public void A_request_whose_connection_is_lost_is_over_without_a_status()
    {
        var log = new List<HttpServed>();
        var service = new HttpService(Port, async _ =>
        {
            await _world.Hub.Sleep(TimeSpan.FromHours(1));
            return Hello;
        });
        service.Requests.Subscribe(log.Add);
        _world.Starts(service);
        _world.Dials(Port).Sends(Get).Resets();
        Assert.That(_heard.Measurements[^1], Does.Contain(" error.type=Diesel.Reactive.ConnectionException http.request.method=GET network."));
        Assert.That(log.Single(), Has.Property("Status").EqualTo(0).And.Property("Error").InstanceOf<ConnectionException>());
        Assert.That(_heard.Spans.Single().Status, Is.EqualTo(ActivityStatusCode.Error));
    }

    [Test]
    public void A_span_is_of_the_trace_that_the_request_names()
    {
        Asks(_ => Hello, Traced);
        var span = _heard.Spans.Single();
        Assert.That(($"{span.TraceId}", $"{span.ParentSpanId}", span.TraceStateString, span.HasRemoteParent, span.GetBaggageItem("user"), span.Kind),
            Is.EqualTo((Trace, Parent, "a=b", true, "7", ActivityKind.Server)));
        Assert.That((span.OperationName, span.DisplayName, span.Status), Is.EqualTo(("Microsoft.AspNetCore.Hosting.HttpRequestIn", "GET /orders/{id}", ActivityStatusCode.Unset)));
        Assert.That(string.Join(' ', span.TagObjects.OrderBy(static tag => tag.Key, StringComparer.Ordinal).Select(static tag => $"{tag.Key}={tag.Value}")), Is.EqualTo(
            "client.address=10.0.0.1 http.request.method=GET http.response.status_code=200 http.route=/orders/{id} network.protocol.version=1.1 server.address=shop server.port=8080 url.path=/orders/7 url.scheme=http user_agent.original=test"));
    }

    [TestCase("00-0000-b7ad6b7169203331-01")]
    [TestCase("nonsense")]
    public void A_trace_that_is_none_begins_anew(string traceparent)
    {
        Asks(_ => Hello, Traced.Replace($"00-{Trace}-{Parent}-01", traceparent, StringComparison.Ordinal));
        Assert.That(($"{_heard.Spans.Single().ParentSpanId}", $"{_heard.Spans.Single().TraceId}" == Trace), Is.EqualTo(("0000000000000000", false)));
    }

    [Test]
    public void What_a_handler_does_is_within_its_span_and_nothing_else_is()
    {
        var within = new List<Activity?>();
        Asks(_ =>
        {
            within.Add(Activity.Current);
            return Hello;
        }, Get + Get.Replace("/ ", "/orders/7 ", StringComparison.Ordinal));
        _world.Do(() => within.Add(Activity.Current));
        Asks(async _ =>
        {
            within.Add(Activity.Current);
            await _world.Hub.Sleep(TimeSpan.FromMilliseconds(1));
            within.Add(Activity.Current);
            return Hello;
        }, Get.Replace("/ ", "/orders/7 ", StringComparison.Ordinal), Port + 1);
        _world.Passes(1);
        _world.Do(() => within.Add(Activity.Current));
        Assert.That(within, Is.EqualTo(new[] { _heard.Spans[1], null, _heard.Spans[2], _heard.Spans[2], null }));
    }

    [Test]
    public void The_log_has_a_line_for_each_as_web_servers_write_it()
    {
        var log = new List<string>();
        var service = new HttpService(Port, static _ => Hello);
        service.Requests.Subscribe(one => log.Add(one.ToString()));
        _world.Starts(service);
        _world.Dials(Port).Sends("GET /a?b HTTP/1.1\r\nHost: a\r\nReferer: http://b/\"c\\\r\nUser-Agent: x\ty\r\n\r\nHEAD / HTTP/1.0\r\n\r\n");
        Assert.That(log, Is.EqualTo(new[]
        {
            "10.0.0.1 - - [01/Jan/0001:00:00:00 +0000] \"GET /a?b HTTP/1.1\" 200 5 \"http://b/\\\"c\\\\\" \"x\\x09y\"",
            "10.0.0.1 - - [01/Jan/0001:00:00:00 +0000] \"HEAD / HTTP/1.0\" 200 - \"-\" \"-\"",
        }));
    }

    private Peer Asks(Func<HttpRequest, HttpResponse> handler, string request)
    {
        _world.Starts(new HttpService(Port).Route("GET", "/orders/{id}", handler));
        return _world.Dials(Port).Sends(request);
    }

    private Peer Asks(Func<HttpRequest, Task<HttpResponse>> handler, string request, int port = Port)
    {
        _world.Starts(new HttpService(port).Route("GET", "/orders/{id}", handler));
        return _world.Dials(port).Sends(request);
    }

    private HttpService Routes() => new HttpService(Port)
        .Route("GET", "/bad", HttpResponse (_) => throw new FormatException())
        .Route("GET", "/busy", static _ => Hello.WithStatus(503))
        .Route("POST", "/refused", static async request => HttpResponse.Text(await request.ReadText()))
        .Route("GET", "/cut", _ => Observable.Timer(TimeSpan.FromMilliseconds(10), _world.Hub).Select(static _ => "a")
            .Concat(Observable.Throw<string>(new TimeoutException())).AsResponse());
}
