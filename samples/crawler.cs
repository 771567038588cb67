#:project ../Diesel.Reactive.Protocols

// A crawler: from page to page by their links, eight at a time over kept connections, and each page once.
//     dotnet run samples/crawler.cs                              a server of its own, whose hundred pages lead to each other
//     dotnet run samples/crawler.cs -- http://localhost:8088/    an existing one, and nothing beside it; at most a thousand pages
using System.Diagnostics;
using System.Net;
using System.Reactive.Linq;
using System.Reactive.Subjects;
using System.Text.RegularExpressions;
using Diesel.Reactive;
using Diesel.Reactive.Protocols.Http;

const int Pages = 100, MostPages = 1000, AtATime = 8;

if (args is [var address])
{
    Application.Quickstart(() => Crawl(new Uri(address)));
    return;
}

var server = new HttpService(new IPEndPoint(IPAddress.Loopback, 0)).Route("GET", "/{page}", async request =>
{
    await Hub.Current!.Sleep(TimeSpan.FromMilliseconds(10));
    return int.TryParse(request["page"], out var page) && page < Pages
        ? HttpResponse.Html($"<a href=\"/{page * 2 + 1}\">left</a> <a href='/{page * 2 + 2}'>right</a> <a href=\"/0\">home</a>")
        : HttpResponse.Text("There is no such page.\n", 404);
});
Application.Quickstart(server, () => Crawl(new Uri($"http://localhost:{server.Port}/0")));

async Task Crawl(Uri start)
{
    using var client = new HttpHubClient(start, new HttpClientOptions { MaxConnections = AtATime });
    var (watch, known, pages) = (Stopwatch.StartNew(), new HashSet<string> { start.PathAndQuery }, new Subject<string>());
    var (pending, found) = (1, new List<(string Path, int Status)>());
    using var work = pages.Select(path => Fetch(client, start, path).Select(page => (Path: path, page.Status, page.Links))).Merge(AtATime).Subscribe(page =>
    {
        found.Add((page.Path, page.Status));
        var fresh = page.Links.Where(link => known.Count < MostPages && known.Add(link)).ToList();
        pending += fresh.Count - 1;
        fresh.ForEach(pages.OnNext);
        if (pending == 0)
        {
            pages.OnCompleted();
        }
    });
    pages.OnNext(start.PathAndQuery);
    await pages.LastOrDefaultAsync();
    foreach (var status in found.GroupBy(page => page.Status).OrderBy(group => group.Key))
    {
        Console.WriteLine($"{status.Key}: {status.Count()} pages");
    }

    Console.WriteLine($"{found.Count} pages over {client.Counts.Created} connections in {watch.Elapsed.TotalSeconds:0.0} s");
    Application.Quickstop();
}

static IObservable<(int Status, string[] Links)> Fetch(HttpHubClient client, Uri start, string path) => Observable.FromAsync(async () =>
{
    try
    {
        var reply = await client.Request("GET", path);
        var text = await reply.ReadText(limit: 1_000_000);
        var links = Regex.Matches(text, "href=[\"']([^\"'#]+)").Select(match => Uri.TryCreate(reply.Uri, match.Groups[1].Value, out var uri) ? uri : null);
        return (reply.Status, links.OfType<Uri>().Where(uri => uri.Authority == start.Authority).Select(uri => uri.PathAndQuery).ToArray());
    }
    catch (Exception error) when (error is IOException or ProtocolException or TimeoutException)
    {
        return (0, []);
    }
});
