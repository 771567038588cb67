using Diesel.Reactive.Protocols.Dns;
using Diesel.Reactive.Protocols.Http;

namespace Diesel.Reactive.Tests;

/// <summary>Servers that are asked by HTTP (RFC 8484), scripted, in virtual time.</summary>
public class DnsOverHttpTests
{
    private const string Type = "application/dns-message";

    private readonly List<(HttpRequest Request, DnsMessage Query)> _heard = [];
    private World _world = null!;
    private DnsClient _client = null!;
    private Func<DnsMessage, HttpResponse?> _script = null!;

    [SetUp]
    public void SetUp()
    {
        _world = new World();
        _heard.Clear();
        _script = static query => Says(Reply(query));
        _world.Starts(new HttpService(80, Answer));
        _client = new DnsClient($"http://{World.Here}/dns-query{{?dns}}", null, _world.Hub);
    }

    [TearDown]
    public void TearDown()
    {
        _client.Dispose();
        _world.Dispose();
    }

    [Test]
    public void A_query_is_posted_with_the_id_0_and_padded_and_its_reply_taken()
    {
        Assert.That(Ask(), Is.EqualTo("a.example. 300 IN A 192.0.2.1"));
        var (request, query) = _heard.Single();
        Assert.That((request.Method, request.Target, request.Headers["Content-Type"], request.Headers["Accept"], query.Id), Is.EqualTo(("POST", "/dns-query", Type, Type, (ushort)0)));
        Assert.That(query.Edns!.Options.Select(option => option.Code), Is.EqualTo(new ushort[] { 12 }), "padding, and no cookie, no time to keep a connection");
        Assert.That(DnsCodec.Encode(query).Length % 128, Is.Zero);
    }

    [Test]
    public void Connections_are_used_again()
    {
        var from = new HashSet<string>();
        _script = query =>
        {
            from.Add($"{_heard[^1].Request.RemoteEndPoint}");
            return Says(Reply(query));
        };
        for (var n = 0; n < 10; n++)
        {
            Ask();
        }

        Assert.That((from.Count, _heard.Count), Is.EqualTo((1, 10)));
    }

    [Test]
    public void What_a_cache_on_the_way_has_kept_has_become_older()
    {
        _script = static query => Says(Reply(query)).With("Age", "100");
        Assert.That(Ask(), Is.EqualTo("a.example. 200 IN A 192.0.2.1"));
        _script = static query => Says(Reply(query)).With("Age", "1000");
        Assert.That(Ask(), Is.EqualTo("a.example. 0 IN A 192.0.2.1"));
        _script = static query => Says(Reply(query)).With("Age", "-5");
        Assert.That(Ask(), Is.EqualTo("a.example. 300 IN A 192.0.2.1"), "no age");
    }

    [Test]
    public void No_such_name_is_a_reply()
    {
        _script = static query => Says(Reply(query) with { ResponseCode = DnsResponseCode.NameError, Answers = [] });
        Assert.That(_world.Watch(_client.Query("a.example", DnsType.A)).Last.ResponseCode, Is.EqualTo(DnsResponseCode.NameError));
    }

    [TestCase("status", "503")]
    [TestCase("redirect", "302")]
    [TestCase("type", "text/html")]
    [TestCase("no type", "of no type")]
    [TestCase("question", "something else")]
    [TestCase("query", "something else")]
    [TestCase("truncated", "truncated")]
    [TestCase("cut off", "of which")]
    [TestCase("too long", "65")]
    [TestCase("nothing", "ends within")]
    public void What_is_no_reply_is_an_error_that_says_what_came(string what, string told)
    {
        _script = query => what switch
        {
            "status" => HttpResponse.Text("busy", 503),
            "redirect" => HttpResponse.Redirect("http://10.0.0.66/"),
            "type" => HttpResponse.Html("<p>Please log in</p>"),
            "no type" => HttpResponse.Bytes(DnsCodec.Encode(Reply(query)), null),
            "question" => Says(Reply(query) with { Questions = [new("b.example", DnsType.A)] }),
            "query" => Says(Reply(query) with { IsResponse = false }),
            "truncated" => Says(Reply(query) with { IsTruncated = true }),
            "cut off" => HttpResponse.Bytes(DnsCodec.Encode(Reply(query)).AsMemory(0, 40), Type),
            "too long" => HttpResponse.Bytes(new byte[70_000], Type),
            _ => HttpResponse.Bytes(default, Type),
        };
        var error = _world.Watch(_client.Query("a.example", DnsType.A));
        _world.Passes(10);
        Assert.That(((DnsException)error.Error!).Attempts.Single().ToString(), Does.Contain("(HTTP)").And.Contain(told));
        Assert.That((_heard.Count, _client.Running), Is.EqualTo((3, 0)), "as often as any server");
    }

    [Test]
    public void Silence_is_an_error_in_time()
    {
        _script = static _ => null;
        var error = _world.Watch(_client.Query("a.example", DnsType.A));
        _world.Passes(9.9);
        Assert.That(((DnsException)error.Error!).Message, Does.Contain("(HTTP): no reply within"));
    }

    [Test]
    public void Zones_do_not_come_that_way() =>
        Assert.That(((DnsException)_world.Watch(_client.Transfer("example")).Error!).Code, Is.EqualTo(DnsResponseCode.NotImplemented));

    [TestCase("https://dns.example@192.0.2.1", "192.0.2.1:443 dns.example /dns-query")]
    [TestCase("https://192.0.2.1:8443/q", "192.0.2.1:8443  /q")]
    [TestCase("https://dns.example@[2001:db8::1]/dns-query{?dns}", "[2001:db8::1]:443 dns.example /dns-query")]
    [TestCase("http://127.0.0.1/", "127.0.0.1:80  /dns-query")]
    [TestCase("tls://dns.example@192.0.2.1/", "192.0.2.1:853 dns.example /dns-query")]
    public void Is_written(string text, string read) =>
        Assert.That(DnsTarget.Parse(text).Select(target => $"{target.EndPoint} {target.Name} {target.Path}").Single(), Is.EqualTo(read));

    [TestCase("https://dns.example/dns-query")]
    [TestCase("tls://192.0.2.1/dns-query")]
    [TestCase("dns://dns.example@192.0.2.1")]
    [TestCase("quic://192.0.2.1")]
    public void Is_refused(string text) => Assert.That(() => DnsTarget.Parse(text), Throws.ArgumentException);

    private static DnsMessage Reply(DnsMessage query) => query with { IsResponse = true, Edns = new(), Answers = [DnsRecord.Parse($"{query.Questions[0].Name} 300 A 192.0.2.1")] };

    private static HttpResponse Says(DnsMessage reply) => HttpResponse.Bytes(DnsCodec.Encode(reply), Type);

    private async Task<HttpResponse> Answer(HttpRequest request)
    {
        var query = DnsCodec.Decode((await request.Read()).Span);
        _heard.Add((request, query));
        if (_script(query) is { } response)
        {
            return response;
        }

        await _world.Hub.Sleep(TimeSpan.FromHours(1));
        return HttpResponse.Of(500);
    }

    private string Ask()
    {
        var reply = _world.Watch(_client.Query("a.example", DnsType.A));
        _world.Passes(0.1);
        return reply.Error is { } error ? error.Message : string.Join(';', reply.Last.Answers).Replace('\t', ' ');
    }
}
