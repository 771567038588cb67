#:project ../Diesel.Reactive

// bluelet's httpd: a web server of one folder. Start it and open http://127.0.0.1:8088/ in a browser.
using System.Net;
using Diesel.Reactive;

var (port, root) = args.PortAndFolder(8088, ".");

// On loopback everybody has the same address.
var options = TcpServiceOptions.Public with { IdleTimeout = TimeSpan.FromSeconds(30), MaxConnectionsPerAddress = null };
var service = new TcpService(new IPEndPoint(IPAddress.Loopback, port), Serve, options);
Application.Quickstart(service, () => Console.WriteLine($"listening on {service.EndPoint}"));

async Task Serve(Connection connection)
{
    try
    {
        // The whole head has so long: each byte of a slow one only renews the idle timeout.
        var head = Framing.Until("\r\n\r\n", maxLength: 16 * 1024);
        var first = await First.Of(connection.Read(head), Hub.Default.Sleep(TimeSpan.FromSeconds(10)));
        await first.Match(
            text => Answer(connection, text.ToText().Split("\r\n")[..^2]),
            _ => Refuse(connection, "408 Request Timeout"));
    }
    catch (FrameTooLongException)
    {
        await Refuse(connection, "431 Request Header Fields Too Large");
    }
}

Task Answer(Connection connection, string[] head) => head[0].Split(' ') switch
{
    _ when !head[1..].All(IsField) => Refuse(connection, "400 Bad Request"),
    [_, _, "HTTP/1.1"] when head.Count(IsHost) != 1 => Refuse(connection, "400 Bad Request"),
    _ when head.Count(IsHost) > 1 => Refuse(connection, "400 Bad Request"),
    [("GET" or "HEAD") and var method, ['/', ..] and var target, "HTTP/1.0" or "HTTP/1.1"] =>
        Give(connection, Uri.UnescapeDataString(target.Split('?')[0]), withBody: method == "GET"),
    [_, ['/', ..], "HTTP/1.0" or "HTTP/1.1"] => Refuse(connection, "405 Method Not Allowed", "Allow: GET, HEAD\r\n"),
    _ => Refuse(connection, "400 Bad Request"),
};

static bool IsHost(string line) => line.StartsWith("host:", StringComparison.OrdinalIgnoreCase);

static bool IsField(string line) => line.IndexOf(':') is > 0 and var colon
    && !line[..colon].Any(char.IsWhiteSpace) && !line.Any(letter => char.IsControl(letter) && letter != '\t');

async Task Give(Connection connection, string path, bool withBody)
{
    var (file, opened) = await Hub.Default.Run(() => Open(path.Split('/', StringSplitOptions.RemoveEmptyEntries)));
    using var content = opened;
    if (content is null)
    {
        await Refuse(connection, "404 Not Found");
        return;
    }

    await connection.Send(Head("200 OK", $"Content-Type: {TypeOf(file)}\r\nContent-Length: {content.Length}\r\n"));
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
(string Name, Stream? Content) Open(string[] names)
{
    try
    {
        var at = root;
        foreach (var name in names)
        {
            at = Path.Join(at, name);
            if (name[0] == '.' || name.IndexOfAny(Path.GetInvalidFileNameChars()) >= 0 || new FileInfo(at).LinkTarget is not null)
            {
                return default;
            }
        }

        if (Directory.Exists(at))
        {
            return Open([.. names, "index.html"]) is { Content: not null } index ? index : ("listing.html", Listing(at, names));
        }

        // A pipe would be waited for until somebody writes into it, and has no length: as little to give as an empty file.
        return (at, new FileInfo(at).Length == 0 ? Stream.Null : File.OpenRead(at));
    }
    catch (Exception error) when (error is IOException or UnauthorizedAccessException)
    {
        return default;
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
