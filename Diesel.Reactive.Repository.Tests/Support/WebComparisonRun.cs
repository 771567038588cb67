using System.Globalization;
using System.Net;
using System.Text;
using System.Text.RegularExpressions;

namespace Diesel.Reactive.Tests;

/// <summary>Asks two servers of one application the same: its pages, what they name, and variations of both; and notes where they differ.</summary>
/// <remarks>What may differ, and why: Date and Server (Kestrel says its name), and how a body's length is said (what is written at once has a Content-Length here,
/// where Kestrel sends chunks). Numbers, tokens and weather that the application draws at random are masked.</remarks>
internal sealed partial class WebComparisonRun(Uri theirs, Uri ours)
{
    private const int MostPages = 60;

    private static readonly string[] Framing = ["Date", "Server", "Transfer-Encoding", "Content-Length"];
    private static readonly string[] Tried = ["/", "/weatherforecast", "/openapi/v1.json", "/counter", "/weather", "/Privacy", "/Home/Privacy", "/Error", "/not/here", "/a%20b/%C3%A9?q=1&q=2", "/_blazor", "/favicon.ico"];

    private readonly List<string> _differences = [];
    private readonly Dictionary<string, int> _allowed = [];

    public IReadOnlyList<string> Differences => _differences;

    public int Count { get; private set; }

    public int Alike { get; private set; }

    public async Task Run(int least)
    {
        using var there = Client(theirs);
        using var here = Client(ours);
        var pages = await Pages(there);
        for (var round = 0; Count < least; round++)
        {
            foreach (var page in pages)
            {
                foreach (var make in await Variations(there, page))
                {
                    await Compare(there, here, make);
                }
            }
        }
    }

    public override string ToString() => string.Create(
        CultureInfo.InvariantCulture,
        $"{Count} requests, {Alike} alike to the field; allowed: {string.Join(", ", _allowed.OrderBy(static each => each.Key).Select(static each => $"{each.Key} {each.Value}"))}; {_differences.Count} other differences");

    private static HttpClient Client(Uri address) => new(new SocketsHttpHandler { AllowAutoRedirect = false, UseCookies = false })
    {
        BaseAddress = address,
        Timeout = TimeSpan.FromSeconds(60),
    };

    private static async Task<List<string>> Pages(HttpClient client)
    {
        var (known, open) = (new List<string>(Tried), new Queue<string>(Tried));
        while (open.TryDequeue(out var page) && known.Count < MostPages)
        {
            using var response = await client.GetAsync(new Uri(page, UriKind.Relative));
            if (response.Content.Headers.ContentType?.MediaType != "text/html")
            {
                continue;
            }

            foreach (Match link in Link().Matches(await response.Content.ReadAsStringAsync()))
            {
                var target = new Uri(new Uri(client.BaseAddress!, page), WebUtility.HtmlDecode(link.Groups[1].Value));
                if (target.Authority == client.BaseAddress!.Authority && !known.Contains(target.PathAndQuery) && known.Count < MostPages)
                {
                    known.Add(target.PathAndQuery);
                    open.Enqueue(target.PathAndQuery);
                }
            }
        }

        return known;
    }

    // The tags are those of the one server: the other must have the same.
    private static async Task<Func<HttpRequestMessage>[]> Variations(HttpClient client, string page)
    {
        using var first = await client.GetAsync(new Uri(page, UriKind.Relative));
        var tag = first.Headers.ETag?.ToString() ?? "\"none\"";
        return
        [
            Of(HttpMethod.Get, page), Of(HttpMethod.Get, page), Of(HttpMethod.Head, page), Of(HttpMethod.Get, page, ("Accept-Encoding", "gzip")),
            Of(HttpMethod.Get, page, ("Accept-Encoding", "br")), Of(HttpMethod.Get, page, ("If-None-Match", tag)), Of(HttpMethod.Get, page, ("Range", "bytes=0-9")),
            Of(HttpMethod.Get, page, ("If-Modified-Since", "Fri, 01 Jan 2100 00:00:00 GMT")), Of(HttpMethod.Options, page), Of(HttpMethod.Delete, page),
            Of(HttpMethod.Get, page, ("Accept", "application/json"), ("Accept-Language", "de")), Of(HttpMethod.Get, page, ("Cookie", "a=b; c=d")),
            Post(page, "a=b&c=d", "application/x-www-form-urlencoded"), Post(page, "{\"a\":1}", "application/json"),
        ];
    }

    private static Func<HttpRequestMessage> Of(HttpMethod method, string page, params (string Name, string Value)[] fields) => () =>
    {
        var request = new HttpRequestMessage(method, page);
        Array.ForEach(fields, field => request.Headers.TryAddWithoutValidation(field.Name, field.Value));
        return request;
    };

    private static Func<HttpRequestMessage> Post(string page, string body, string type) => () =>
        new(HttpMethod.Post, page) { Content = new StringContent(body, Encoding.UTF8, type) };

    private async Task Compare(HttpClient there, HttpClient here, Func<HttpRequestMessage> make)
    {
        Count++;
        using var request = make();
        var (expected, actual) = (await Answer(there, make()), await Answer(here, make()));
        if (expected.Text != actual.Text)
        {
            _differences.Add($"{request.Method} {request.RequestUri}\n{expected.Text}\n--- ours:\n{actual.Text}");
            return;
        }

        var framing = Framing.Where(name => expected.Framing[name] != actual.Framing[name] && name != "Date").ToList();
        Alike += framing.Count == 0 ? 1 : 0;
        framing.ForEach(name => _allowed[name] = _allowed.GetValueOrDefault(name) + 1);
    }

    private static async Task<(string Text, Dictionary<string, string> Framing)> Answer(HttpClient client, HttpRequestMessage request)
    {
        using (request)
        {
            using var response = await client.SendAsync(request);
            var fields = response.Headers.NonValidated.Concat(response.Content.Headers.NonValidated).Select(static field => (Name: field.Key, Value: string.Join(" | ", field.Value))).ToList();
            var body = await response.Content.ReadAsByteArrayAsync();
            var isText = response.Content.Headers.ContentEncoding.Count == 0 && response.Content.Headers.ContentType?.ToString() is { } type
                && (type.StartsWith("text/", StringComparison.Ordinal) || type.Contains("json", StringComparison.Ordinal));
            var text = new StringBuilder();
            foreach (var (name, value) in fields.Where(static field => !Framing.Contains(field.Name)).OrderBy(static field => field.Name, StringComparer.Ordinal))
            {
                text.Append(name).Append(": ").Append(value).Append('\n');
            }

            text.Append(isText ? Encoding.UTF8.GetString(body) : response.Content.Headers.ContentEncoding.Count > 0 ? "packed" : Convert.ToHexString(System.Security.Cryptography.SHA256.HashData(body)));
            var framing = Framing.ToDictionary(static name => name, name => string.Join(" | ", fields.Where(field => field.Name == name).Select(static field => field.Value)));
            return ($"{(int)response.StatusCode}\n{Drawn().Replace(text.ToString().Replace($":{client.BaseAddress!.Port}", "", StringComparison.Ordinal), "~")}", framing);
        }
    }

    [GeneratedRegex("""(?:href|src|action)="([^"#]+)""")]
    private static partial Regex Link();

    // Tokens and states that are sealed, identities of requests, weather and dates.
    [GeneratedRegex("""CfDJ8[\w-]+|00-[0-9a-f]{32}-[0-9a-f]{16}-0[01]|0H[0-9A-Z]{11,}:\d+|\b[0-9A-F]{16}\b|"traceId":"[^"]*"|<!--Blazor[^>]*-->|[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}|-?\d+|Freezing|Bracing|Chilly|Cool|Mild|Warm|Balmy|Hot|Sweltering|Scorching|AspNetCore\.Antiforgery\.[\w-]+|b-[a-z0-9]{10}""")]
    private static partial Regex Drawn();
}
