using System.Net.Http.Headers;
using System.Security.Claims;
using System.Text;
using System.Text.Encodings.Web;
using System.Threading.RateLimiting;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.FileProviders;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Diesel.Reactive.Tests;

/// <summary>The same application on a hub and on Kestrel answers the same: status, fields and body.</summary>
[TestFixture(false)]
[TestFixture(true)]
public class DieselAndKestrelTests(bool onHub)
{
    // The transfer's own: Kestrel sends in chunks what it has not seen the end of, and says its name.
    private static readonly string[] Ours = ["Date", "Server", "Transfer-Encoding", "Content-Length"];

    private const int LeastInSoak = 300;

    private Live _live = null!;
    private DirectoryInfo _folder = null!;

    [SetUp]
    public void Start()
    {
        _live = new Live(new Hub());
        _folder = Directory.CreateTempSubdirectory();
        File.WriteAllText(Path.Combine(_folder.FullName, "page.html"), $"<p>{new string('x', 5000)}</p>");
    }

    [TearDown]
    public void Stop()
    {
        _live.Dispose();
        _folder.Delete(recursive: true);
    }

    [Test]
    public Task Minimal_api() => Compare(
        static app =>
        {
            app.MapGet("/", static () => "hello");
            app.MapGet("/item/{id:int}", static (int id, string? q) => Results.Json(new { id, q }));
            app.MapPost("/item", static (Item item) => Results.Created($"/item/{item.Id}", item));
            app.MapGet("/redirect", static () => Results.Redirect("/"));
            app.MapGet("/problem", static () => Results.Problem("bad", statusCode: 409));
            app.MapGet("/cookie", static (HttpContext context) => context.Response.Cookies.Append("a", "b"));
            app.MapGet("/head", static (HttpContext context) => $"{context.Request.Headers["X-A"]}|{context.Request.Headers.Host.Count}|{context.Request.Headers["X-None"].Count}|{context.Request.Headers.UserAgent}");
            app.MapGet("/no", static () => Results.NoContent());
            app.MapGet("/stream", static () => Results.Stream(new MemoryStream(new byte[200_000]), "application/x-zero"));
        },
        null,
        Get("/"), Get("/item/7?q=a%20b"), Get("/item/x"), Get("/nothing"), Get("/redirect"), Get("/problem"), Get("/cookie"), Get("/no"), Get("/stream"), Get("/caf%C3%A9/../%2e/x"),
        Get("/head", ("X-A", "1"), ("X-A", "2"), ("User-Agent", "me")), Post("/item", """{"id":3}"""), Post("/item", "{"), Post("/item", "", type: "text/plain"),
        Method(HttpMethod.Head, "/"), Method(HttpMethod.Options, "/item"), Method(HttpMethod.Delete, "/"), Method(HttpMethod.Head, "/stream"));

    [Test]
    public Task Controllers() => Compare(
        static app => app.MapControllers(),
        static builder => builder.Services.AddControllers().AddApplicationPart(typeof(ThingsController).Assembly),
        Get("/things"), Get("/things/5"), Get("/things/0"), Post("/things", """{"id":1}"""), Post("/things", """{"id":"x"}"""), Post("/things", "<a/>", type: "application/xml"),
        Method(HttpMethod.Put, "/things"), Get("/things/file"));

    [Test]
    public Task Static_files() => Compare(
        app => app.UseStaticFiles(new StaticFileOptions { FileProvider = new PhysicalFileProvider(_folder.FullName) }),
        null,
        Get("/page.html"), Get("/page.html", ("Range", "bytes=10-19")), Get("/page.html", ("Range", "bytes=90000-")), Get("/none.html"),
        Get("/page.html", ("If-Modified-Since", "Fri, 01 Jan 2100 00:00:00 GMT")), Get("/../page.html"), Method(HttpMethod.Head, "/page.html"));

    [Test]
    public Task Compression_and_caching() => Compare(
        static app =>
        {
            app.UseResponseCompression();
            app.UseOutputCache();
            app.MapGet("/long", static () => new string('x', 5000));
            app.MapGet("/cached", static (HttpContext context) => Results.Text("same")).CacheOutput();
        },
        static builder =>
        {
            builder.Services.AddResponseCompression(static options => options.EnableForHttps = true);
            builder.Services.AddOutputCache();
        },
        Get("/long", ("Accept-Encoding", "gzip")), Get("/long", ("Accept-Encoding", "br")), Get("/long"), Get("/cached"));

    [Test]
    public Task Authentication_and_limits() => Compare(
        static app =>
        {
            app.UseAuthentication();
            app.UseAuthorization();
            app.UseRateLimiter();
            app.MapGet("/who", static (ClaimsPrincipal user) => user.Identity!.Name).RequireAuthorization();
            app.MapGet("/few", static () => "one").RequireRateLimiting("one");
            app.MapHealthChecks("/health");
        },
        static builder =>
        {
            builder.Services.AddAuthentication("by-name").AddScheme<AuthenticationSchemeOptions, ByName>("by-name", null);
            builder.Services.AddAuthorization();
            builder.Services.AddHealthChecks();
            builder.Services.AddRateLimiter(static options =>
            {
                options.RejectionStatusCode = 429;
                options.AddPolicy("one", static _ => RateLimitPartition.GetFixedWindowLimiter("all", static _ => new() { PermitLimit = 1, Window = TimeSpan.FromHours(1) }));
            });
        },
        Get("/who"), Get("/who", ("Authorization", "Name ann")), Get("/few"), Get("/few"), Get("/health"));

    [Test]
    public Task Errors() => Compare(
        static app =>
        {
            app.UseExceptionHandler(static error => error.Run(static context => context.Response.WriteAsync("sorry")));
            app.UseStatusCodePages();
            app.MapGet("/throw", string () => throw new InvalidOperationException("on purpose"));
            app.MapGet("/status/{code:int}", static (int code) => Results.StatusCode(code));
        },
        null,
        Get("/throw"), Get("/status/404"), Get("/status/503"), Get("/status/304"), Get("/status/205"), Get("/none"));

    // Each request several times: of what is kept between two requests nothing may show.
    private async Task Compare(Action<WebApplication> map, Action<WebApplicationBuilder>? configure, params Func<HttpRequestMessage>[] requests)
    {
        var times = Live.IsSoak ? (LeastInSoak / requests.Length) + 1 : 3;
        await using var ours = await WebOnHub.Start(new() { Hub = _live.Hub, RunsOnHub = onHub }, map, configure);
        await using var theirs = await WebOnHub.StartKestrel(map, configure);
        using var here = ours.Client();
        using var there = theirs.Client();
        for (var i = 0; i < times * requests.Length; i++)
        {
            var request = requests[i % requests.Length];
            var (mine, expected) = (await Answer(here, request()), await Answer(there, request()));
            using var asked = request();
            Assert.That(mine, Is.EqualTo(expected), $"{asked.Method} {asked.RequestUri}");
        }
    }

    private static async Task<string> Answer(HttpClient client, HttpRequestMessage request)
    {
        using (request)
        {
            using var response = await client.SendAsync(request);
            var text = new StringBuilder().Append((int)response.StatusCode).Append('\n');
            foreach (var (name, values) in response.Headers.Concat(response.Content.Headers).Where(static field => !Ours.Contains(field.Key)).OrderBy(static field => field.Key))
            {
                text.Append(name).Append(": ").AppendJoin(" | ", values).Append('\n');
            }

            var body = await response.Content.ReadAsByteArrayAsync();
            return text.Replace($":{client.BaseAddress!.Port}", "").Append(Trace().Replace(Encoding.Latin1.GetString(body), "trace")).ToString();
        }
    }

    private static System.Text.RegularExpressions.Regex Trace() => new("00-[0-9a-f]{32}-[0-9a-f]{16}-0[01]|\"traceId\":\"[^\"]*\"");

    private static Func<HttpRequestMessage> Get(string path, params (string Name, string Value)[] headers) => () =>
    {
        var request = new HttpRequestMessage(HttpMethod.Get, path);
        Array.ForEach(headers, header => request.Headers.TryAddWithoutValidation(header.Name, header.Value));
        return request;
    };

    private static Func<HttpRequestMessage> Method(HttpMethod method, string path) => () => new(method, path);

    private static Func<HttpRequestMessage> Post(string path, string body, string type = "application/json") => () =>
        new(HttpMethod.Post, path) { Content = new StringContent(body, Encoding.UTF8, MediaTypeHeaderValue.Parse(type)) };

    public sealed record Item(int Id);

    private sealed class ByName(IOptionsMonitor<AuthenticationSchemeOptions> options, ILoggerFactory loggers, UrlEncoder encoder)
        : AuthenticationHandler<AuthenticationSchemeOptions>(options, loggers, encoder)
    {
        protected override Task<AuthenticateResult> HandleAuthenticateAsync() => Task.FromResult(
            Request.Headers.Authorization.ToString() is ['N', 'a', 'm', 'e', ' ', .. var name]
                ? AuthenticateResult.Success(new(new ClaimsPrincipal(new ClaimsIdentity([new Claim(ClaimTypes.Name, name)], Scheme.Name)), Scheme.Name))
                : AuthenticateResult.NoResult());
    }
}

/// <summary>A controller as templates have it.</summary>
[ApiController]
[Route("things")]
public sealed class ThingsController : ControllerBase
{
    [HttpGet]
    public IEnumerable<int> All() => [1, 2, 3];

    [HttpGet("{id:int}")]
    public ActionResult<DieselAndKestrelTests.Item> One(int id) => id == 0 ? NotFound() : new DieselAndKestrelTests.Item(id);

    [HttpPost]
    public IActionResult Make(DieselAndKestrelTests.Item item) => CreatedAtAction(nameof(One), new { id = item.Id }, item);

    [HttpGet("file")]
    public IActionResult AsFile() => File(new byte[10_000], "application/octet-stream", "zeros.bin");
}
