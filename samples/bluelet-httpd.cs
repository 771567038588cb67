#:project ../Diesel.Reactive

// bluelet's httpd: a web server of one folder. Start it and open http://127.0.0.1:8088/ in a browser.
using System.Net;
using Diesel.Reactive;

var (port, root) = args.PortAndFolder(8088, ".");
var service = new TcpService(new IPEndPoint(IPAddress.Loopback, port), Serve, new() { IdleTimeout = TimeSpan.FromSeconds(30) });
Application.Quickstart(service, () => Console.WriteLine($"listening on {service.EndPoint}"));

async Task Serve(Connection connection)
{
    try
    {
        var head = await connection.Read(Framing.Until("\r\n\r\n", maxLength: 16 * 1024));
        await Answer(connection, head.ToText().Split("\r\n"));
    }
    catch (FrameTooLongException)
    {
        await Refuse(connection, "431 Request Header Fields Too Large");
    }
}

Task Answer(Connection connection, string[] head) => head[0].Split(' ') switch
{
    [_, ['/', ..], "HTTP/1.1"] when !head.Any(line => line.StartsWith("host:", StringComparison.OrdinalIgnoreCase)) =>
        Refuse(connection, "400 Bad Request"),
    [("GET" or "HEAD") and var method, ['/', ..] and var target, "HTTP/1.0" or "HTTP/1.1"] =>
        Give(connection, Uri.UnescapeDataString(target.Split('?')[0]), withBody: method == "GET"),
    [_, ['/', ..], "HTTP/1.0" or "HTTP/1.1"] => Refuse(connection, "405 Method Not Allowed", "Allow: GET, HEAD\r\n"),
    _ => Refuse(connection, "400 Bad Request"),
};

async Task Give(Connection connection, string path, bool withBody)
{
    using var content = await Hub.Default.Run(() => Open(path.Split('/', StringSplitOptions.RemoveEmptyEntries)));
    if (content is null)
    {
        await Refuse(connection, "404 Not Found");
        return;
    }

    var type = TypeOf((content as FileStream)?.Name ?? "listing.html");
    await connection.Send(Head("200 OK", $"Content-Type: {type}\r\nContent-Length: {content.Length}\r\n"));
    var chunk = new byte[withBody ? Math.Min(content.Length, 64 * 1024) : 0];
    for (int count; (count = await content.ReadAsync(chunk)) > 0;)
    {
        await connection.Send(chunk.AsMemory(0, count).ToArray());
    }
}

// A HEAD gets no body even with an error, so nobody does.
static async Task Refuse(Connection connection, string status, string headers = "") =>
    await connection.Send(Head(status, $"Content-Length: 0\r\n{headers}"));

static ReadOnlyMemory<byte> Head(string status, string headers) =>
    $"HTTP/1.1 {status}\r\nDate: {DateTimeOffset.UtcNow:R}\r\n{headers}Connection: close\r\n\r\n".ToBytes();

// Hidden names (".." is one) are nobody's business, and a link may lead out of the folder: both are not found.
Stream? Open(string[] names)
{
    try
    {
        var at = root;
        foreach (var name in names)
        {
            at = Path.Join(at, name);
            if (name[0] == '.' || name.IndexOfAny(Path.GetInvalidFileNameChars()) >= 0 || new FileInfo(at).LinkTarget is not null)
            {
                return null;
            }
        }

        return !Directory.Exists(at) ? File.OpenRead(at) : Open([.. names, "index.html"]) ?? Listing(at, names);
    }
    catch (Exception error) when (error is IOException or UnauthorizedAccessException)
    {
        return null;
    }
}

static MemoryStream Listing(string folder, string[] names) => new($"<!doctype html><meta charset=utf-8><ul>{string.Concat(
    from entry in new DirectoryInfo(folder).EnumerateFileSystemInfos()
    where entry.Name[0] != '.' && entry.LinkTarget is null
    orderby entry.Name
    let address = string.Concat(names.Append(entry.Name).Select(name => "/" + Uri.EscapeDataString(name)))
    select $"<li><a href=\"{address}\">{WebUtility.HtmlEncode(entry.Name)}</a>")}</ul>".ToBytes().ToArray());

static string TypeOf(string file) => Path.GetExtension(file).ToLowerInvariant() switch
{
    ".html" => "text/html; charset=utf-8",
    ".txt" or ".md" or ".cs" => "text/plain; charset=utf-8",
    ".css" => "text/css",
    ".js" => "text/javascript",
    _ => "application/octet-stream",
};
