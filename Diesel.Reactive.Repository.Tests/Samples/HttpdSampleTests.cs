namespace Diesel.Reactive.Tests;

/// <summary>The web server gives its folder and nothing else.</summary>
[Parallelizable(ParallelScope.All)]
public class HttpdSampleTests
{
    private SampleProcess _process = null!;
    private System.Net.IPEndPoint _server = null!;

    [OneTimeSetUp]
    public async Task Start() => (_process, _server) = await SampleProcess.Serve("bluelet-httpd", SampleFolder.Shared);

    [OneTimeTearDown]
    public async Task Stop()
    {
        if (_process is not null)
        {
            await _process.DisposeAsync();
        }
    }

    [TestCase("/", "text/html; charset=utf-8", "<p>hello")]
    [TestCase("/?query=/../secret.txt", "text/html; charset=utf-8", "<p>hello")]
    [TestCase("/site.css", "text/css", "p { }\r\n")]
    [TestCase("/empty.css", "text/css", "")]
    [TestCase("/s%69te.css", "text/css", "p { }\r\n")]
    [TestCase("/pages/a%20page%20%26%20more.txt", "text/plain; charset=utf-8", "a page")]
    public async Task Gives_a_file(string target, string type, string content)
    {
        var (status, head, body) = await Get(target);
        Assert.That((status, body), Is.EqualTo(("200 OK", content)));
        Assert.That(head, Does.Contain($"Content-Type: {type}\r\nContent-Length: {content.Length}\r\n"));
    }

    [Test]
    public async Task Gives_a_large_file_whole() =>
        Assert.That((await Get("/pages/index.d/large.bin")).Body, Is.EqualTo(new string('x', 1_000_000)));

    [Test]
    public async Task A_pipe_in_its_folder_holds_nobody_up()
    {
        var asked = await Task.WhenAll(Enumerable.Range(0, 60).Select(_ => Get("/pipe.txt")));
        Assert.That(asked.Select(answer => answer.Body).Distinct(), Is.EqualTo(new[] { "" }));
        Assert.That((await Get("/")).Body, Is.EqualTo("<p>hello"));
    }

    [Test]
    public async Task A_head_has_a_deadline_that_no_byte_renews()
    {
        using var socket = await SampleTalk.Connect(_server);
        await SampleTalk.Say(socket, "GET / HTTP/1.0\r\nX: ");
        for (var second = 0; second < 25 && !socket.Poll(TimeSpan.FromSeconds(1), System.Net.Sockets.SelectMode.SelectRead); second++)
        {
            await SampleTalk.Say(socket, "x");
        }

        Assert.That(await SampleTalk.Read(socket, 28), Is.EqualTo("HTTP/1.1 408 Request Timeout"));
    }

    [Test]
    public async Task Lists_a_folder_without_an_index() =>
        Assert.That((await Get("/pages")).Body, Does.Contain("<li><a href=\"/pages/a%20page%20%26%20more.txt\">a page &amp; more.txt</a>"));

    [Test]
    public async Task Lists_neither_hidden_names_nor_links() =>
        Assert.That((await Get("/pages/")).Body, Does.Not.Contain("secret").And.Not.Contain("link"));

    [TestCase("/nothing")]
    [TestCase("/../secret.txt")]
    [TestCase("/pages/../../secret.txt")]
    [TestCase("/%2e%2e/secret.txt")]
    [TestCase("/%2e%2e%2fsecret.txt")]
    [TestCase("/..%2fsecret.txt")]
    [TestCase("/..%5csecret.txt")]
    [TestCase("/%252e%252e%252fsecret.txt")]
    [TestCase("/../served-not/secret.txt")]
    [TestCase("/link.txt")]
    [TestCase("/linked/secret.txt")]
    [TestCase("/linked")]
    [TestCase("/.hidden/secret.txt")]
    [TestCase("//etc/passwd")]
    [TestCase("/%2fetc/passwd")]
    [TestCase("/site.css%00.txt")]
    [TestCase("/site.css\0")]
    [TestCase("/site.css/more")]
    [TestCase("/%ff%fe")]
    public async Task Does_not_find(string target)
    {
        var (status, _, body) = await Get(target);
        Assert.That((status, body), Is.EqualTo(("404 Not Found", "")));
    }

    [Test]
    public async Task Does_not_find_a_name_longer_than_any_file_has() =>
        Assert.That((await Get($"/{new string('a', 5000)}")).Status, Is.EqualTo("404 Not Found"));

    [TestCase("bogus\r\n\r\n")]
    [TestCase("\r\n\r\n")]
    [TestCase("GET /etc/passwd\r\n\r\n")]
    [TestCase("GET  / HTTP/1.0\r\n\r\n")]
    [TestCase("GET etc/passwd HTTP/1.0\r\n\r\n")]
    [TestCase("GET file:///etc/passwd HTTP/1.0\r\n\r\n")]
    [TestCase("GET / HTTP/1.1\r\n\r\n")]
    [TestCase("GET / HTTP/1.1\r\nHost: x\r\nHost: x\r\n\r\n")]
    [TestCase("GET / HTTP/1.1\r\nHost: x\r\nX: y\r\nhOST: y\r\n\r\n")]
    [TestCase("GET / HTTP/1.0\r\nHost: x\r\nHost: y\r\n\r\n")]
    [TestCase("GET / HTTP/1.1\r\nHost: x\r\nHost : y\r\n\r\n")]
    [TestCase("GET / HTTP/1.1\r\nHost: x\r\n Host: y\r\n\r\n")]
    [TestCase("GET / HTTP/1.1\r\nHost: x\nHost: y\r\n\r\n")]
    [TestCase("GET / HTTP/1.0\r\nnothing\r\n\r\n")]
    [TestCase("GET / HTTP/9.9\r\nHost: x\r\n\r\n")]
    public async Task Refuses_what_is_no_request(string request) =>
        Assert.That((await Ask(request)).Status, Is.EqualTo("400 Bad Request"));

    [TestCase("POST", "Content-Length: 5\r\n\r\nhello")]
    [TestCase("DELETE", "\r\n")]
    public async Task Refuses_other_methods(string method, string rest)
    {
        var (status, head, _) = await Ask($"{method} /site.css HTTP/1.0\r\n{rest}");
        Assert.That(status, Is.EqualTo("405 Method Not Allowed"));
        Assert.That(head, Does.Contain("Allow: GET, HEAD\r\n"));
    }

    [Test]
    public async Task Refuses_an_endless_head() =>
        Assert.That((await Ask($"GET / HTTP/1.0\r\nX: {new string('x', 20_000)}")).Status, Is.EqualTo("431 Request Header Fields Too Large"));

    [Test]
    public async Task A_HEAD_is_a_GET_without_the_body()
    {
        var (status, head, body) = await Ask("HEAD /site.css HTTP/1.1\r\nHost: x\r\n\r\n");
        Assert.That((status, body), Is.EqualTo(("200 OK", "")));
        Assert.That(head, Does.Contain("Content-Type: text/css\r\nContent-Length: 7\r\n"));
    }

    [Test]
    public async Task Gets_on_with_curl()
    {
        SampleTool.Require("/usr/bin/curl", "curl");
        var (code, text) = await SampleTool.Run("curl", "--silent", "--write-out", " %{http_code}", $"http://{_server}/");
        Assert.That((code, text), Is.EqualTo((0, "<p>hello 200")));
    }

    private Task<(string Status, string Head, string Body)> Get(string target) => Ask($"GET {target} HTTP/1.1\r\nHost: localhost\r\n\r\n");

    private async Task<(string Status, string Head, string Body)> Ask(string request)
    {
        var answer = await SampleTalk.Ask(_server, [request]);
        var end = answer.IndexOf("\r\n\r\n", StringComparison.Ordinal) + 4;
        return (answer["HTTP/1.1 ".Length..answer.IndexOf('\r', StringComparison.Ordinal)], answer[..end], answer[end..]);
    }
}
