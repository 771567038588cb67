using System.Text.RegularExpressions;
using Diesel.Reactive.Protocols.Http;
using static Diesel.Reactive.Tests.HttpTalk;

namespace Diesel.Reactive.Tests;

/// <summary>A folder gives its files and nothing else.</summary>
public class HttpFileTests
{
    private static readonly DateTime Written = new(2026, 1, 2, 3, 4, 5, 678, DateTimeKind.Utc);

    private string _root = "";

    [OneTimeSetUp]
    public void Make()
    {
        _root = Path.Combine(Path.GetTempPath(), $"diesel-{Guid.NewGuid():N}");
        var served = Path.Combine(_root, "served");
        Directory.CreateDirectory(Path.Combine(served, "pages"));
        Directory.CreateDirectory(Path.Combine(_root, "served-not"));
        Directory.CreateDirectory(Path.Combine(served, ".hidden"));
        foreach (var (name, text) in new[]
        {
            ("secret.txt", "secret"), ("served-not/secret.txt", "secret"), ("served/.hidden/secret.txt", "secret"), ("served/a.txt", "0123456789"),
            ("served/index.html", "<p>"), ("served/pages/index.html", "<p>pages"), ("served/a b.css", "p { }"), ("served/coded.js", "plain"),
            ("served/coded.js.br", "br"), ("served/coded.js.gz", "gz"), ("served/empty.bin", ""), ("served/large.bin", new string('x', 100_000)),
        })
        {
            File.WriteAllText(Path.Combine(_root, name), text);
            File.SetLastWriteTimeUtc(Path.Combine(_root, name), Written);
        }

        File.CreateSymbolicLink(Path.Combine(served, "out.txt"), Path.Combine(_root, "secret.txt"));
        File.CreateSymbolicLink(Path.Combine(served, "in.txt"), Path.Combine(served, "a.txt"));
        Directory.CreateSymbolicLink(Path.Combine(served, "outside"), Path.Combine(_root, "served-not"));
    }

    [OneTimeTearDown]
    public void Remove() => Directory.Delete(_root, recursive: true);

    [TestCase("/", "text/html; charset=utf-8", "<p>")]
    [TestCase("/a.txt?query=/../secret.txt", "text/plain; charset=utf-8", "0123456789")]
    [TestCase("/a%20b.css", "text/css; charset=utf-8", "p { }")]
    [TestCase("/pages/", "text/html; charset=utf-8", "<p>pages")]
    [TestCase("/pages/../a.txt", "text/plain; charset=utf-8", "0123456789")]
    [TestCase("/empty.bin", "application/octet-stream", "")]
    [TestCase("/in.txt", "text/plain; charset=utf-8", "0123456789")]
    public void Files_are_given(string target, string type, string content)
    {
        var answer = Ask(target);
        Assert.That(answer, Does.StartWith("HTTP/1.1 200 OK ").And.Contain($"Content-Type: {type} ").And.Contain($"Content-Length: {content.Length} "));
        Assert.That(answer, Does.EndWith($"  {content}|"));
    }

    [TestCase("/nothing")]
    [TestCase("/../secret.txt")]
    [TestCase("/%2e%2e/secret.txt")]
    [TestCase("/%2e%2e%2fsecret.txt")]
    [TestCase("/..%2fsecret.txt")]
    [TestCase("/..%5csecret.txt")]
    [TestCase("/%252e%252e%252fsecret.txt")]
    [TestCase("/../served-not/secret.txt")]
    [TestCase("/out.txt")]
    [TestCase("/outside/secret.txt")]
    [TestCase("/.hidden/secret.txt")]
    [TestCase("//etc/passwd")]
    [TestCase("/%2fetc/passwd")]
    [TestCase("/a.txt/")]
    [TestCase("/a.txt/more")]
    [TestCase("/a.txt.")]
    [TestCase("/%ff%fe")]
    [TestCase("/pages//index.html")]
    public void Nothing_else_is_found(string target) => Assert.That(Ask(target), Does.StartWith("HTTP/1.1 404 ").And.Not.Contain("secret"));

    [Test]
    public void A_pipe_holds_nobody_up()
    {
        Assume.That(OperatingSystem.IsLinux());
        var pipe = Path.Combine(_root, "served", "pipe.txt");
        using (var process = System.Diagnostics.Process.Start("mkfifo", [pipe]))
        {
            process.WaitForExit();
        }

        Assert.That(Ask("/pipe.txt"), Does.StartWith("HTTP/1.1 404 "));
    }

    [Test]
    public void A_folder_has_a_slash_at_its_end_and_other_methods_are_refused()
    {
        Assert.That(Ask("/pages?x"), Does.StartWith("HTTP/1.1 301 Moved Permanently ").And.Contain("Location: /pages/?x "));
        Assert.That(Ask("/a.txt", method: "DELETE"), Does.StartWith("HTTP/1.1 405 ").And.Contain("Allow: GET, HEAD "));
        Assert.That(Ask("/a.txt", method: "HEAD"), Does.StartWith("HTTP/1.1 200 ").And.Contain("Content-Length: 10 ").And.EndsWith("  |"));
    }

    [TestCase("bytes=0-3", "206 Partial Content", "0123", "bytes 0-3/10")]
    [TestCase("bytes=5-", "206 Partial Content", "56789", "bytes 5-9/10")]
    [TestCase("bytes=-3", "206 Partial Content", "789", "bytes 7-9/10")]
    [TestCase("bytes=-30", "206 Partial Content", "0123456789", "bytes 0-9/10")]
    [TestCase("bytes=8-99", "206 Partial Content", "89", "bytes 8-9/10")]
    [TestCase("bytes=99-,5-6, ,", "206 Partial Content", "56", "bytes 5-6/10")]
    [TestCase("bytes=0-5,2-9", "200 OK", "0123456789", null)]
    [TestCase("bytes=0-0,x", "200 OK", "0123456789", null)]
    [TestCase("bytes=", "200 OK", "0123456789", null)]
    [TestCase("bytes=0-0,0-0,0-0,0-0,0-0,0-0,0-0,0-0,0-0,0-0,0-0,0-0,0-0,0-0,0-0,0-0,0-0", "200 OK", "0123456789", null)]
    [TestCase("bytes=10-,11-", "416 Range Not Satisfiable", null, "bytes */10")]
    [TestCase("bytes=3-2", "200 OK", "0123456789", null)]
    [TestCase("bytes=x-2", "200 OK", "0123456789", null)]
    [TestCase("bytes=-", "200 OK", "0123456789", null)]
    [TestCase("lines=0-3", "200 OK", "0123456789", null)]
    [TestCase("bytes=10-", "416 Range Not Satisfiable", null, "bytes */10")]
    [TestCase("bytes=-0", "416 Range Not Satisfiable", null, "bytes */10")]
    [TestCase("bytes=99999999999999999999-", "200 OK", "0123456789", null)]
    public void A_range_is_given(string range, string status, string? content, string? said)
    {
        var answer = Ask("/a.txt", $"Range: {range}\r\n");
        Assert.That(answer, Does.StartWith($"HTTP/1.1 {status} ").And.EndsWith($"{content}|"));
        Assert.That(answer, said is null ? Does.Not.Contain("Content-Range") : Does.Contain($"Content-Range: {said} "));
    }

    [Test]
    public void Several_ranges_are_parts_of_one_body_in_the_order_they_were_asked_for()
    {
        var answer = Talk(HttpService.Files(Path.Combine(_root, "served")), "GET /a.txt HTTP/1.1\r\nHost: a\r\nRange: bytes=8-, 0-2, 99-, -1\r\n\r\n" + HttpTalk.Get);
        var boundary = Regex.Match(answer, "Content-Type: multipart/byteranges; boundary=([0-9a-f]{32}) ").Groups[1].Value;
        var part = $"--{boundary} Content-Type: text/plain; charset=utf-8 Content-Range: bytes";
        Assert.That(answer, Does.StartWith("HTTP/1.1 206 Partial Content ").And.Contain($"  {part} 8-9/10  89 {part} 0-2/10  012 {part} 9-9/10  9 --{boundary}-- HTTP/1.1 200 OK "));
        Assert.That(Regex.Matches(answer, "Content-Range"), Has.Count.EqualTo(3), "the whole has none");
    }

    [TestCase("If-None-Match: ETAG", "304")]
    [TestCase("If-None-Match: \"x\", W/ETAG", "304")]
    [TestCase("If-None-Match: *", "304")]
    [TestCase("If-None-Match: \"x\"", "200")]
    [TestCase("If-Modified-Since: Fri, 02 Jan 2026 03:04:05 GMT", "304")]
    [TestCase("If-Modified-Since: Friday, 02-Jan-26 03:04:05 GMT", "304")]
    [TestCase("If-Modified-Since: Fri, 02 Jan 2026 03:04:04 GMT", "200")]
    [TestCase("If-Modified-Since: Fri, 02 Jan 2026 03:04:05 GMT\r\nIf-None-Match: \"x\"", "200")]
    [TestCase("If-Match: ETAG", "200")]
    [TestCase("If-Match: W/ETAG", "412")]
    [TestCase("If-Match: \"x\"", "412")]
    [TestCase("If-Unmodified-Since: Fri, 02 Jan 2026 03:04:04 GMT", "412")]
    [TestCase("If-Unmodified-Since: Fri, 02 Jan 2026 03:04:05 GMT", "200")]
    [TestCase("Range: bytes=0-0\r\nIf-Range: ETAG", "206")]
    [TestCase("Range: bytes=0-0\r\nIf-Range: \"x\"", "200")]
    [TestCase("Range: bytes=0-0\r\nIf-None-Match: ETAG", "304")]
    public void Conditions_hold(string fields, string status)
    {
        var etag = Regex.Match(Ask("/a.txt"), "ETag: (\"[^\"]+\")").Groups[1].Value;
        Assert.That(Ask("/a.txt", fields.Replace("ETAG", etag, StringComparison.Ordinal) + "\r\n"), Does.StartWith($"HTTP/1.1 {status} ").And.Contain($"ETag: {etag} "));
    }

    [TestCase("gzip, deflate, br", "br")]
    [TestCase("gzip", "gz")]
    [TestCase("br;q=0, *", "gz")]
    [TestCase("identity", "plain")]
    [TestCase(null, "plain")]
    public void What_is_coded_beforehand_is_given_to_those_who_take_it(string? accepted, string content)
    {
        var answer = Ask("/coded.js", accepted is null ? "" : $"Accept-Encoding: {accepted}\r\n");
        Assert.That(answer, Does.EndWith($"  {content}|").And.Contain("Vary: Accept-Encoding ").And.Contain("Content-Type: text/javascript"));
        Assert.That(answer.Contains("Content-Encoding", StringComparison.Ordinal), Is.EqualTo(content != "plain"));
    }

    [Test]
    public void A_part_that_a_compressed_file_does_not_have_is_refused_in_plain_words()
    {
        var answer = Ask("/coded.js", "Accept-Encoding: br\r\nRange: bytes=9-\r\n");
        Assert.That(answer, Does.StartWith("HTTP/1.1 416 ").And.Contain("Content-Range: bytes */2 ").And.EndWith("no such part.\n|").And.Not.Contain("Content-Encoding"));
    }

    [Test]
    public void What_changes_meanwhile_is_given_as_it_is()
    {
        var folder = Directory.CreateDirectory(Path.Combine(_root, "served", "changing"));
        var file = Path.Combine(folder.FullName, "a.txt");
        File.WriteAllText(file, "one");
        using var world = new World();
        world.Starts(new HttpService(HttpTalk.Port, HttpService.Files(Path.Combine(_root, "served"))));
        var peer = world.Dials(HttpTalk.Port);
        var answers = new List<string>();
        foreach (var change in new Action[]
        {
            static () => { },
            () => File.WriteAllText(file, "three"),
            () => File.SetLastWriteTimeUtc(file, Written),
            () => File.WriteAllText(file + ".gz", "zip"),
            () => File.Delete(file + ".gz"),
            () =>
            {
                File.Delete(file);
                File.CreateSymbolicLink(file, Path.Combine(_root, "secret.txt"));
            },
            () =>
            {
                File.Delete(file);
                File.WriteAllText(file, "back");
            },
            () =>
            {
                File.Delete(file);
                Directory.CreateDirectory(file);
                File.WriteAllText(Path.Combine(file, "index.html"), "<p>");
            },
        })
        {
            change();
            var before = peer.Received.Length;
            peer.Sends("GET /changing/a.txt HTTP/1.1\r\nHost: a\r\nAccept-Encoding: gzip\r\n\r\n");
            world.Passes(1);
            var answer = peer.Received[before..];
            answers.Add($"{answer[9..12]} {answer.Split("\r\n\r\n")[^1].Trim()}{(answer.Contains("Jan 2026", StringComparison.Ordinal) ? " dated" : "")}");
        }

        Assert.That(answers, Is.EqualTo(new[]
        {
            "200 one", "200 three", "200 three dated", "200 zip", "200 three dated", "404 There is no such file.", "200 back", "301 ",
        }));
    }

    [Test]
    public void They_may_stand_under_a_path() =>
        Assert.That(Answer(HttpService.Files(Path.Combine(_root, "served"), new() { Under = "/static", CacheControl = "max-age=60" }),
            "GET /static/a.txt HTTP/1.1\r\nHost: a\r\n\r\nGET /a.txt HTTP/1.0\r\n\r\n"), Does.Match("Cache-Control: max-age=60 .*0123456789HTTP/1.1 404 "));

    [TestCase("a.txt", "HTTP/1.1 200 OK ", "0123456789|")]
    [TestCase("nothing.txt", "HTTP/1.1 500 ", "|")]
    [TestCase("pages", "HTTP/1.1 500 ", "|")]
    public void A_handler_may_name_a_file_itself(string name, string begin, string end)
    {
        var response = HttpResponse.File(Path.Combine(_root, "served", name)).With("X", "y");
        Assert.That(Answer(_ => response, "GET / HTTP/1.0\r\n\r\n"), Does.StartWith(begin).And.EndsWith(end));
        Assert.That(Answer(_ => response, "HEAD / HTTP/1.0\r\n\r\n"), Does.StartWith(begin).And.EndsWith("  |"));
    }

    [Test]
    public void A_folder_that_is_not_there_is_told_at_once() =>
        Assert.That(() => HttpService.Files(Path.Combine(_root, "nothing")), Throws.InstanceOf<DirectoryNotFoundException>());

    [Test]
    public async Task Curl_gets_files_and_ranges_and_sends_bodies_over_a_real_socket()
    {
        SampleTool.Require("/usr/bin/curl", "curl");
        using var hub = new Hub();
        var files = HttpService.Files(Path.Combine(_root, "served"));
        await using var service = new HttpService(new System.Net.IPEndPoint(System.Net.IPAddress.Loopback, 0), async request =>
            request.Method == "POST" ? HttpResponse.Text($"{(await request.Read()).Length}") : files(request), hub: hub);
        service.Start();
        var url = $"http://{service.EndPoint}";
        Assert.That(await Curl($"{url}/large.bin", "--output", "-"), Is.EqualTo((0, new string('x', 100_000))));
        Assert.That(await Curl("--range", "5-6", $"{url}/a.txt", $"{url}/large.bin"), Is.EqualTo((0, "56xx")));
        Assert.That((await Curl("--range", "0-1,99990-99999", $"{url}/large.bin")).Text, Does.Match("^--(.*)\r\n.*\r\nContent-Range: bytes 0-1/100000\r\n\r\nxx\r\n--\\1\r\n.*\r\n.* 99990-99999/100000\r\n\r\nx{10}\r\n--\\1--\r\n$"));
        Assert.That(await Curl("--data-binary", $"@{_root}/served/large.bin", "-H", "Expect: 100-continue", $"{url}/"), Is.EqualTo((0, "100000")));
        Assert.That(await Curl("--data-binary", $"@{_root}/served/large.bin", "-H", "Transfer-Encoding: chunked", $"{url}/"), Is.EqualTo((0, "100000")));
        Assert.That(await Curl("--http1.0", "--head", "--output", "/dev/null", "--write-out", "%{http_code} %{size_download}", $"{url}/a.txt"), Is.EqualTo((0, "200 0")));
        Assert.That(await Curl("--compressed", "--output", "/dev/null", "--write-out", "%{http_code}", $"{url}/a.txt"), Is.EqualTo((0, "200")));
    }

    private static Task<(int ExitCode, string Text)> Curl(params string[] arguments) => SampleTool.Run("curl", ["--silent", "--show-error", "--max-time", "20", .. arguments]);

    private string Ask(string target, string fields = "", string method = "GET") => Regex.Replace(
        Talk(HttpService.Files(Path.Combine(_root, "served")), $"{method} {target} HTTP/1.1\r\nHost: a\r\nConnection: close\r\n{fields}\r\n"),
        "Date: [^G]*GMT |Connection: close ", "");

    private static string Talk(Func<HttpRequest, HttpResponse> handler, string request)
    {
        using var world = new World();
        return world.Talk(handler, request).Story;
    }
}
