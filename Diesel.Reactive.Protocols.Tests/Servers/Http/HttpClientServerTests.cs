using System.Diagnostics;
using System.Diagnostics.Metrics;
using System.Net;
using System.Text;
using Diesel.Reactive.Protocols.Http;

namespace Diesel.Reactive.Tests;

/// <summary>Clients with servers and proxies of others.</summary>
public class HttpClientServerTests
{
    private const string Text = "abcdefghij";

    private Live _live = null!;

    [SetUp]
    public void Start() => _live = new Live();

    [TearDown]
    public void Stop() => _live.Dispose();

    [Test]
    public void Nginx_answers_both_clients_in_all_its_ways()
    {
        var (at, folder) = (Daemon.FreePort(), Directory.CreateTempSubdirectory("nginx-"));
        File.WriteAllText(Path.Combine(folder.FullName, "a.txt"), string.Concat(Enumerable.Repeat(Text, 10_000)));
        File.WriteAllText(Path.Combine(folder.FullName, "users"), "me:{PLAIN}secret\n");
        using var nginx = Nginx(at, $$"""
            root {{folder.FullName}}; gzip on; gzip_types text/plain; gzip_min_length 1; gzip_http_version 1.0; keepalive_timeout 3 3;
            location = /old { return 302 /a.txt; }
            location = /in { auth_basic r; auth_basic_user_file users; return 200 in; }
            location = /none { return 204; }
            """.Replace("user_file users", $"user_file {folder.FullName}/users", StringComparison.Ordinal));
        var options = DieselHttpHandler.Defaults with { Decompression = DecompressionMethods.All, Credentials = new NetworkCredential("me", "secret"), WebProxy = null };
        using var client = new HttpHubClient("127.0.0.1", at.Port, options, _live.Hub);
        using var http = new HttpClient(new DieselHttpHandler(options, _live.Hub)) { BaseAddress = new Uri($"http://{at}") };
        foreach (var (path, answer) in new[] { ("/a.txt", string.Concat(Enumerable.Repeat(Text, 10_000))), ("/old", string.Concat(Enumerable.Repeat(Text, 10_000))), ("/none", "") })
        {
            Assert.That(_live.Run(async () => await (await client.Request("GET", path)).ReadText()), Is.EqualTo(answer));
            Assert.That(_live.Await(http.GetStringAsync(path)), Is.EqualTo(answer), "off the hub");
            Assert.That(_live.Run(() => http.GetStringAsync(path)), Is.EqualTo(answer), "on the hub");
        }

        Assert.That(_live.Run(async () => (await client.Request("HEAD", "/a.txt")).Status), Is.EqualTo(200));
        Assert.That(_live.Run(async () => await (await client.Request("GET", "/missing")).ReadText()), Does.Contain("404 Not Found"));
        Assert.That(_live.Run(async () => (await client.Request("POST", "/a.txt", HttpHeaders.Of(("Expect", "100-continue")), HttpRequestBody.Bytes(new byte[100_000]))).Status), Is.EqualTo(405));
    }

    [Test]
    public void Tinyproxy_passes_on_what_is_asked_in_full_and_what_goes_through_a_tunnel([Values(null, "me")] string? user)
    {
        var at = Daemon.FreePort();
        using var tinyproxy = new Daemon(
            "/usr/bin/tinyproxy", "tinyproxy-bin", $"Port {at.Port}\nListen 127.0.0.1\nTimeout 30\nMaxClients 10\n{(user is null ? "" : $"BasicAuth {user} secret\n")}", at, "-d", "-c", "{0}/config");
        var plain = _live.Starts(new HttpService(new IPEndPoint(IPAddress.Loopback, 0), static request => HttpResponse.Text($"plain {request.Headers["Via"] is not null}")));
        var secret = _live.Starts(new HttpService(new IPEndPoint(IPAddress.Loopback, 0), static request => HttpResponse.Text($"secret {request.Headers["Via"] is not null}"), new() { Tls = Authority.Server }));
        var proxy = new WebProxy($"http://{at}") { Credentials = user is null ? null : new NetworkCredential(user, "secret") };
        using var http = new HttpClient(new DieselHttpHandler(DieselHttpHandler.Defaults with { WebProxy = proxy, Tls = Authority.Client with { ServerName = null } }, _live.Hub));
        for (var again = 0; again < 2; again++)
        {
            Assert.That(_live.Await(http.GetStringAsync($"http://127.0.0.1:{plain.Port}/")), Is.EqualTo("plain True"));
            Assert.That(_live.Await(http.GetStringAsync($"https://localhost:{secret.Port}/")), Is.EqualTo("secret False"));
        }
    }

    [Test]
    public async Task Certificates_are_checked()
    {
        var service = _live.Starts(new HttpService(new IPEndPoint(IPAddress.Loopback, 0), static _ => HttpResponse.Text("secret"), new() { Tls = Authority.Server }));
        using var http = new HttpClient(new DieselHttpHandler(DieselHttpHandler.Defaults with { WebProxy = null }, _live.Hub));
        var error = await Assert.ThrowsAsync<HttpRequestException>(() => http.GetStringAsync($"https://localhost:{service.Port}/"));
        Assert.That(error!.HttpRequestError, Is.EqualTo(HttpRequestError.SecureConnectionError));
        using var trusting = new HttpHubClient(new Uri($"https://localhost:{service.Port}"), new() { Tls = Authority.Client }, _live.Hub);
        Assert.That(_live.Run(async () => await (await trusting.Request("GET", "/")).ReadText()), Is.EqualTo("secret"));
    }

    [Test]
    public void Bodies_of_any_size_go_both_ways_and_callers_of_any_thread_are_served_off_the_hub()
    {
        var service = _live.Starts(new HttpService(new IPEndPoint(IPAddress.Loopback, 0), static request => request.Body.AsResponse(), new() { Limits = new() { MaxBody = long.MaxValue } }));
        using var http = new HttpClient(new DieselHttpHandler(DieselHttpHandler.Defaults with { WebProxy = null }, _live.Hub)) { BaseAddress = new Uri($"http://{service.EndPoint}") };
        var sizes = new[] { 0, 1, 4096, 4097, 100_000, 3_000_000 };
        var asked = sizes.SelectMany(static size => Enumerable.Repeat(size, 4)).Select((size, n) => Task.Run(async () =>
        {
            var bytes = Encoding.ASCII.GetBytes(new string((char)('a' + n), size));
            using HttpContent content = n % 2 == 0 ? new ByteArrayContent(bytes) : new StreamContent(new MemoryStream(bytes));
            using var response = await http.PostAsync("/", content).WaitAsync(TimeSpan.FromSeconds(10));
            Assert.That(Hub.Current, Is.Null);
            var back = await response.Content.ReadAsByteArrayAsync();
            Assert.That(back.AsSpan().SequenceEqual(bytes), Is.True, $"{size} bytes");
        }));
        _live.Await(Task.WhenAll(asked));
    }

    [Test]
    public void What_is_published_has_the_names_of_dot_nets_own_client()
    {
        var (seen, spans) = (new List<string>(), new List<Activity>());
        using var meters = new MeterListener { InstrumentPublished = static (instrument, self) => { if (instrument.Meter.Name == "System.Net.Http") { self.EnableMeasurementEvents(instrument); } } };
        meters.SetMeasurementEventCallback<double>((instrument, _, tags, _) => Note(instrument, tags));
        meters.SetMeasurementEventCallback<long>((instrument, value, tags, _) => Note(instrument, tags, value));
        meters.Start();
        using var traces = new ActivityListener { ShouldListenTo = static source => source.Name == "System.Net.Http", Sample = static (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllDataAndRecorded, ActivityStopped = activity => { lock (spans) { spans.Add(activity); } } };
        ActivitySource.AddActivityListener(traces);
        string? trace = null;
        var service = _live.Starts(new HttpService(new IPEndPoint(IPAddress.Loopback, 0), request =>
        {
            trace = request.Headers["traceparent"];
            return HttpResponse.Text("no", 404);
        }));
        using (var client = new HttpHubClient("127.0.0.1", service.Port, hub: _live.Hub))
        {
            Assert.That(_live.Run(async () => (await client.Request("GET", "/a?b")).Status), Is.EqualTo(404));
        }

        _live.Do(static () => { });
        var port = $"server.port={service.Port}";
        lock (seen)
        {
            Assert.That(seen.Where(one => one.Contains(port, StringComparison.Ordinal)).Select(static one => one.Split(' ')[0]).Distinct(), Is.EquivalentTo(new[]
            {
                "http.client.request.duration", "http.client.active_requests", "http.client.open_connections", "http.client.connection.duration", "http.client.request.time_in_queue",
            }));
            Assert.That(seen.Single(one => one.StartsWith("http.client.request.duration", StringComparison.Ordinal) && one.Contains(port, StringComparison.Ordinal)),
                Does.Contain("http.response.status_code=404").And.Contain("error.type=404").And.Contain("http.request.method=GET").And.Contain("url.scheme=http"));
        }

        var span = spans.Single(each => Equals(each.GetTagItem("server.port"), service.Port));
        Assert.That((trace, span.GetTagItem("url.full"), span.Status), Is.EqualTo(($"00-{span.TraceId}-{span.SpanId}-01", $"http://127.0.0.1:{service.Port}/a?*", ActivityStatusCode.Error)));

        void Note(Instrument instrument, ReadOnlySpan<KeyValuePair<string, object?>> tags, long value = 0)
        {
            var text = $"{instrument.Name} {value} {string.Join(' ', tags.ToArray().Select(static tag => $"{tag.Key}={tag.Value}"))}";
            lock (seen)
            {
                seen.Add(text);
            }
        }
    }

    [Test]
    public void Each_request_of_a_redirect_has_a_span_of_its_own_and_no_other()
    {
        var spans = new List<Activity>();
        using var traces = new ActivityListener
        {
            ShouldListenTo = static source => source.Name is "System.Net.Http" or "HttpClientServerTests", Sample = static (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllDataAndRecorded,
            ActivityStopped = activity => { lock (spans) { spans.Add(activity); } },
        };
        ActivitySource.AddActivityListener(traces);
        var heard = new List<string?>();
        var service = _live.Starts(new HttpService(new IPEndPoint(IPAddress.Loopback, 0), request =>
        {
            heard.Add(request.Headers["traceparent"]);
            return request.Path == "/to" ? HttpResponse.Text("hello") : HttpResponse.Redirect("/to");
        }));
        using var source = new ActivitySource("HttpClientServerTests");
        using var http = new HttpClient(new DieselHttpHandler(DieselHttpHandler.Defaults with { WebProxy = null }, _live.Hub));
        using (var outer = source.StartActivity("outer"))
        {
            Assert.That(_live.Await(http.GetStringAsync($"http://127.0.0.1:{service.Port}/from")), Is.EqualTo("hello"));
            Assert.That(Activity.Current, Is.EqualTo(outer));
            var own = spans.Where(span => Equals(span.GetTagItem("server.port"), service.Port)).ToList();
            Assert.That(own.Select(span => (span.GetTagItem("url.full"), span.GetTagItem("http.response.status_code"), span.ParentSpanId)), Is.EqualTo(new (object?, object?, ActivitySpanId)[]
            {
                ($"http://127.0.0.1:{service.Port}/from", 302, outer!.SpanId), ($"http://127.0.0.1:{service.Port}/to", 200, outer.SpanId),
            }));
            Assert.That(heard, Is.EqualTo(own.Select(static span => span.Id)));
        }
    }

    private static Daemon Nginx(IPEndPoint at, string server) => new("/usr/sbin/nginx", "nginx", $$"""
        daemon off; user root; pid {0}/pid; error_log stderr crit;
        events { worker_connections 100; }
        http {
          access_log off; client_body_temp_path {0}/b; proxy_temp_path {0}/p; fastcgi_temp_path {0}/f; uwsgi_temp_path {0}/u; scgi_temp_path {0}/s;
          default_type text/plain;
          server { listen {{at}}; {{server}} }
        }
        """, at, "-p", "{0}", "-e", "stderr", "-c", "{0}/config");
}
