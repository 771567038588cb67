using Diesel.Reactive.Protocols.Http;
using static Diesel.Reactive.Tests.HttpTalk;

namespace Diesel.Reactive.Tests;

/// <summary>What a request is asked for: path, query, cookies, forms, values; and routes.</summary>
public class HttpMessageTests
{
    [TestCase("/a/b", "/a/b")]
    [TestCase("/a%20b?c", "/a b")]
    [TestCase("/a%2Fb%2f", "/a%2Fb%2f")]
    [TestCase("/x/../a/./b", "/a/b")]
    [TestCase("/x/%2e%2E/%61", "/a")]
    [TestCase("/../../a", "/a")]
    [TestCase("/a/..", "/")]
    [TestCase("/a/.", "/a/")]
    [TestCase("/%C3%A9", "/é")]
    [TestCase("//a", "//a")]
    [TestCase("http://a", "/")]
    [TestCase("http://a?b", "/")]
    [TestCase("/%252e%252e/a", "/%2e%2e/a")]
    public void A_path_is_decoded_once_and_has_no_dots(string target, string path) =>
        Assert.That(Answer(static request => HttpResponse.Text($"<{request.Path}>"), $"GET {target} HTTP/1.0\r\n\r\n"),
            Does.EndWith(System.Text.Encoding.Latin1.GetString($"<{path}>|".ToBytes().Span)));

    [TestCase("/?a=1&b=%20+x&a=2&c&=d&", "1 [1,2] b=  x c= n=")]
    [TestCase("/", " [] b= c= n=")]
    public void A_query_has_names_and_values(string target, string text) =>
        Assert.That(Answer(static request => HttpResponse.Text(
                $"{request.Query["a"]} [{string.Join(',', request.Query.GetAll("a"))}] b={request.Query["b"]} c={request.Query["c"]} n={request.Query["n"]}"), $"GET {target} HTTP/1.0\r\n\r\n"),
            Does.EndWith($"{text}|"));

    [Test]
    public void Cookies_come_and_go()
    {
        var answer = Answer(
            static request => HttpResponse.Text($"{request.Cookies["a"]} {request.Cookies["b"]} {request.Cookies["c"]}")
                .WithCookie(new HttpCookie("d", "4") { Path = "/", MaxAge = TimeSpan.FromMinutes(1), Secure = true }),
            "GET / HTTP/1.0\r\nCookie: a=1; b=\"2\"\r\nCookie: c=3; junk\r\n\r\n");
        Assert.That(answer, Does.Contain("Set-Cookie: d=4; Path=/; Max-Age=60; SameSite=Lax; Secure; HttpOnly ").And.EndsWith("1 2 3|"));
        Assert.That(static () => HttpResponse.Of(204).WithCookie(new HttpCookie("a", "1; Path=/")), Throws.ArgumentException);
        Assert.That(static () => HttpResponse.Of(204).WithCookie(new HttpCookie("a b", "1")), Throws.ArgumentException);
    }

    [TestCase("application/x-www-form-urlencoded", "a=1&b=%C3%A9+x", "200 OK", "1 é x")]
    [TestCase("application/x-www-form-urlencoded; charset=utf-8", "a=1", "200 OK", "1 ")]
    [TestCase("text/plain", "a=1", "415 Unsupported Media Type", "")]
    public void A_form_is_read(string type, string body, string status, string text)
    {
        var answer = Answer(static async request => await request.ReadForm() is var form ? HttpResponse.Text($"{form["a"]} {form["b"]}") : null!,
            HttpWire.Request("POST /", $"Content-Type: {type}\r\nContent-Length: {body.Length}\r\n", body));
        Assert.That(answer, Does.StartWith($"HTTP/1.1 {status} "));
        Assert.That(answer, status[0] == '2' ? Does.EndWith(System.Text.Encoding.Latin1.GetString(text.ToBytes().Span)) : Does.Not.EndWith("1 "));
    }

    [TestCase("form-data; name=\"a; filename=b\"; filename=\"c\\\"d\"", "name", "a; filename=b")]
    [TestCase("form-data; name=\"a; filename=b\"; filename=\"c\\\"d\"", "filename", "c\"d")]
    [TestCase("text/plain; Charset = utf-8 ; x", "charset", "utf-8")]
    [TestCase("text/plain; x=\"charset=y", "charset", null)]
    [TestCase("text/plain", "charset", null)]
    [TestCase(null, "charset", null)]
    public void Parameters_are_read_behind_each_other(string? type, string name, string? value) => Assert.That(HttpMediaType.Parameter(type, name), Is.EqualTo(value));

    [TestCase("{\"item\":\"tea\",\"count\":2}", "application/json", "HTTP/1.1 200 OK Content-Type: application/json Content-Length: 24  {\"item\":\"TEA\",\"count\":3}")]
    [TestCase("{\"item\":", "application/json", "HTTP/1.1 400 ")]
    [TestCase("null", "application/json", "HTTP/1.1 400 ")]
    [TestCase("{\"item\":\"tea\",\"count\":2}", "text/xml", "HTTP/1.1 415 ")]
    public void Values_come_and_go_as_JSON(string body, string type, string answer)
    {
        using var world = new World();
        var peer = world.Talk(
            static async request =>
            {
                var order = await request.ReadAsync<Order>();
                return HttpResponse.Json(order with { Item = order.Item.ToUpperInvariant(), Count = order.Count + 1 });
            },
            HttpWire.Request("POST /", $"Content-Type: {type}\r\nContent-Length: {body.Length}\r\n", body));
        Assert.That((peer.Answers()[..answer.Length], world.Trouble), Is.EqualTo((answer, "")));
    }

    [TestCase("GET /", "root")]
    [TestCase("GET /orders/7", "order 7")]
    [TestCase("GET /orders/new", "new")]
    [TestCase("GET /orders/7/lines/2", "line 2 of 7")]
    [TestCase("GET /orders/new/lines", "lines of new")]
    [TestCase("GET /orders/old/lines", "lines of old")]
    [TestCase("GET /orders/new/others", "others of new")]
    [TestCase("POST /orders/7", "posted 7")]
    [TestCase("GET /orders/a%2Fb", "order a%2Fb")]
    public void Routes_lead_to_their_handlers(string line, string text) => Assert.That(Route(line), Does.StartWith("HTTP/1.1 200 OK ").And.EndsWith($"  {text}"));

    [TestCase("GET /nothing", "HTTP/1.1 404 Not Found ")]
    [TestCase("GET /orders/", "HTTP/1.1 404 Not Found ")]
    [TestCase("DELETE /orders/7", "HTTP/1.1 405 Method Not Allowed Allow: GET, POST ")]
    [TestCase("get /", "HTTP/1.1 405 Method Not Allowed Allow: GET ")]
    [TestCase("HEAD /orders/7", "HTTP/1.1 200 OK Content-Length: 7  ")]
    public void Other_paths_and_methods_are_told_so(string line, string answer) => Assert.That(Route(line), Does.StartWith(answer));

    [TestCase("orders")]
    [TestCase("/orders/{other}")]
    [TestCase("/a/{b}/{b}")]
    public void Routes_that_are_none_are_refused(string path) =>
        Assert.That(() => Routes().Route("GET", path, static _ => HttpResponse.Of(200)), Throws.ArgumentException);

    private static HttpService Routes() => new HttpService(Port)
        .Route("GET", "/", static _ => HttpResponse.Text("root"))
        .Route("GET", "/orders/{id}", static request => HttpResponse.Text($"order {request["id"]}"))
        .Route("POST", "/orders/{id}", static async request => HttpResponse.Text($"posted {request["id"]}{await request.ReadText()}"))
        .Route("GET", "/orders/{id}/lines", static request => HttpResponse.Text($"lines of {request["id"]}"))
        .Route("GET", "/orders/new/{what}", static request => HttpResponse.Text($"{request["what"]} of new"))
        .Route("GET", "/orders/new", static _ => Observable.Return(HttpResponse.Text("new")))
        .Route("GET", "/orders/{id}/lines/{line}", static request => HttpResponse.Text($"line {request["line"]} of {request["id"]}"));

    private static string Route(string line)
    {
        using var world = new World();
        world.Starts(Routes());
        return world.Dials(Port).Sends(HttpWire.Request(line)).Answers();
    }

    private sealed record Order(string Item, int Count);
}
