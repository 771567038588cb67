using System.Text;
using Diesel.Reactive.Protocols.Http;

namespace Diesel.Reactive.Tests;

/// <summary>Which bytes are requests, and which rule refuses the others.</summary>
public class HttpRequestCodecTests
{
    [TestCase("GET / HTTP/1.1\r\nHost: a\r\n\r\n", "GET / .")]
    [TestCase("GET / HTTP/1.0\r\n\r\n", "GET / 1.0 .")]
    [TestCase("GET / HTTP/1.2\r\nHost: a\r\n\r\n", "GET / .")]
    [TestCase("\r\n\r\nGET / HTTP/1.1\r\nHost: a\r\n\r\n", "GET / .")]
    [TestCase("GET / HTTP/1.1\r\nhOsT:a\r\nX-A:\r\nX-B: \t b c \t\r\n\r\n", "GET / .")]
    [TestCase("get http://a/x?y HTTP/1.1\r\nHost: b\r\n\r\n", "get http://a/x?y .")]
    [TestCase("OPTIONS * HTTP/1.1\r\nHost: a\r\n\r\n", "OPTIONS * .")]
    [TestCase("CONNECT a:80 HTTP/1.1\r\nHost: a:80\r\n\r\n", "CONNECT a:80 .")]
    [TestCase("GET / HTTP/1.1\r\nHost: [::1]:80\r\n\r\n", "GET / .")]
    [TestCase("GET / HTTP/1.1\r\nHost:\r\n\r\n", "GET / .")]
    [TestCase("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 005\r\n\r\nhelloGET / HTTP/1.0\r\n\r\n", "POST / hello. GET / 1.0 .")]
    [TestCase("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 0\r\n\r\n", "POST / .")]
    [TestCase("POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: Chunked\r\n\r\nA\r\n0123456789\r\n0001;a=b;c=\"d;\\\"\" ; e\r\nx\r\n0\r\nX-T: v\r\n\r\n", "POST / 0123456789x[X-T: v|]. ")]
    [TestCase("GET /a?b[]={}|^` HTTP/1.1\r\nHost: a\r\n\r\n", "GET /a?b[]={}|^` .")]
    [TestCase("PURGE /a HTTP/1.0\r\nHost: a\r\n\r\n", "PURGE /a 1.0 .")]
    [TestCase("GET / HTTP/1.1\r\nHost: a\r\n\r\nGET / HTTP/1.1\r\nHost: a\r\n\r\nGET / HTTP/1.0\r\nHost: a\r\n\r\nGET / HTTP/1.1\r\nHost: a\r\n\r\n", "GET / . GET / . GET / 1.0 . GET / .")]
    [TestCase("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 2\r\n\r\nabPOST / HTTP/1.1\r\nHost: a\r\nContent-Length: 2\r\n\r\ncd", "POST / ab. POST / cd.")]
    [TestCase("GET / HTTP/1.1\r\nHost: a\r\n\r\nGET / HTTP/1.1\r\nHost: a\r\n\r", "GET / . …")]
    [TestCase("GET / HTTP/1.1\r\nHo", "…")]
    [TestCase("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\n\r\nhel", "POST / hel…")]
    public void Requests_are_read(string wire, string read) => Assert.That(HttpWire.ReadRequests(wire), Is.EqualTo(read.TrimEnd()));

    [TestCase("BAD\r\n\r\n", "400 RFC 9112 §3")]
    [TestCase("\x16\x03\x01", "400 RFC 9112 §2.1")]
    [TestCase("GET / HTTP/1.1\nHost: a\n\n", "400 RFC 9112 §2.2")]
    [TestCase("GET / HTTP/1.1\rX\r\nHost: a\r\n\r\n", "400 RFC 9112 §2.3")]
    [TestCase("GET / HTTP/1.1\r\nHost: a\r\n\n", "400 RFC 9112 §2.2")]
    [TestCase("GET / HTTP/1.1\r\nHost: a\rX", "400 RFC 9112 §2.2")]
    [TestCase("GET /  HTTP/1.1\r\nHost: a\r\n\r\n", "400 RFC 9112 §2.3")]
    [TestCase("GET\t/\tHTTP/1.1\r\nHost: a\r\n\r\n", "400 RFC 9112 §3")]
    [TestCase("GET /a b HTTP/1.1\r\nHost: a\r\n\r\n", "400 RFC 9112 §2.3")]
    [TestCase("GET / HTTP/1.1 \r\nHost: a\r\n\r\n", "400 RFC 9112 §2.3")]
    [TestCase("GET / http/1.1\r\nHost: a\r\n\r\n", "400 RFC 9112 §2.3")]
    [TestCase("GET / HTTP/2.0\r\nHost: a\r\n\r\n", "505 RFC 9110 §15.6.6")]
    [TestCase("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", "505 RFC 9110 §15.6.6")]
    [TestCase("PRI * HTTP/1.1\r\nHost: a\r\n\r\n", "400 RFC 9112 §3.2.4")]
    [TestCase("NOTIFY * HTTP/1.1\r\nHost: a\r\n\r\n", "400 RFC 9112 §3.2.4")]
    [TestCase("GET /\r\n\r\n", "400 RFC 9112 §3")]
    [TestCase("SETUP /a RTSP/1.0\r\nHost: a\r\n\r\n", "400 RFC 9112 §2.3")]
    [TestCase("GET / HTTP/0.9\r\nHost: a\r\n\r\n", "505 RFC 9110 §15.6.6")]
    [TestCase("GET /\"a\" HTTP/1.1\r\nHost: a\r\n\r\n", "400 RFC 9112 §3.2")]
    [TestCase("G@T / HTTP/1.1\r\nHost: a\r\n\r\n", "400 RFC 9112 §3")]
    [TestCase("GET /#a HTTP/1.1\r\nHost: a\r\n\r\n", "400 RFC 9112 §3.2")]
    [TestCase("GET /\x01 HTTP/1.1\r\nHost: a\r\n\r\n", "400 RFC 9112 §3.2")]
    [TestCase("GET /\xe9 HTTP/1.1\r\nHost: a\r\n\r\n", "400 RFC 9112 §3.2")]
    [TestCase("GET a:80 HTTP/1.1\r\nHost: a\r\n\r\n", "400 RFC 9112 §3.2")]
    [TestCase("GET * HTTP/1.1\r\nHost: a\r\n\r\n", "400 RFC 9112 §3.2.4")]
    [TestCase("CONNECT / HTTP/1.1\r\nHost: a\r\n\r\n", "400 RFC 9112 §3.2.3")]
    [TestCase("CONNECT a HTTP/1.1\r\nHost: a\r\n\r\n", "400 RFC 9112 §3.2.3")]
    [TestCase("GET http://u@a/ HTTP/1.1\r\nHost: a\r\n\r\n", "400 RFC 9110 §4.2.1")]
    [TestCase("GET http:///a HTTP/1.1\r\nHost: a\r\n\r\n", "400 RFC 9110 §4.2.1")]
    [TestCase("GET ftp://a/ HTTP/1.1\r\nHost: a\r\n\r\n", "400 RFC 9112 §3.2")]
    [TestCase("GET /%zz HTTP/1.1\r\nHost: a\r\n\r\n", "400 RFC 3986 §2.1")]
    [TestCase("GET /%0 HTTP/1.1\r\nHost: a\r\n\r\n", "400 RFC 3986 §2.1")]
    [TestCase("GET /%00 HTTP/1.1\r\nHost: a\r\n\r\n", "400 RFC 3986 §7.3")]
    [TestCase("GET / HTTP/1.1\r\n\r\n", "400 RFC 9112 §3.2")]
    [TestCase("GET / HTTP/1.1\r\nHost: a\r\nHost: a\r\n\r\n", "400 RFC 9112 §3.2")]
    [TestCase("GET / HTTP/1.1\r\nHost: a,b\r\n\r\n", "400 RFC 9110 §7.2")]
    [TestCase("GET / HTTP/1.1\r\nHost: a b\r\n\r\n", "400 RFC 9110 §7.2")]
    [TestCase("GET / HTTP/1.1\r\nHost: a:b\r\n\r\n", "400 RFC 9110 §7.2")]
    [TestCase("GET / HTTP/1.1\r\nHost: u@a\r\n\r\n", "400 RFC 9110 §7.2")]
    [TestCase("GET / HTTP/1.1\r\nHost: [::1\r\n\r\n", "400 RFC 9110 §7.2")]
    [TestCase("GET / HTTP/1.1\r\nHost: a\r\nX : y\r\n\r\n", "400 RFC 9112 §5")]
    [TestCase("GET / HTTP/1.1\r\nHost: a\r\nX(: y\r\n\r\n", "400 RFC 9112 §5")]
    [TestCase("GET / HTTP/1.1\r\nHost: a\r\n: y\r\n\r\n", "400 RFC 9112 §5")]
    [TestCase("GET / HTTP/1.1\r\n Host: a\r\n\r\n", "400 RFC 9112 §5")]
    [TestCase("GET / HTTP/1.1\r\nHost: a\r\nX: y\r\n z\r\n\r\n", "400 RFC 9112 §5")]
    [TestCase("GET / HTTP/1.1\r\nHost: a\r\nX: y\0z\r\n\r\n", "400 RFC 9110 §5.5")]
    [TestCase("GET / HTTP/1.1\r\nHost: a\r\nExpect: teapot\r\n\r\n", "417 RFC 9110 §10.1.1")]
    public void Other_bytes_are_refused_by_a_rule(string wire, string rule) => Assert.That(HttpWire.ReadRequests(wire), Is.EqualTo(rule));

    [TestCase("Content-Length: +5\r\n", "400 RFC 9110 §8.6")]
    [TestCase("Content-Length: -5\r\n", "400 RFC 9110 §8.6")]
    [TestCase("Content-Length:\r\n", "400 RFC 9110 §8.6")]
    [TestCase("Content-Length: 5, 5\r\n", "400 RFC 9110 §8.6")]
    [TestCase("Content-Length: 5\r\nContent-Length: 5\r\n", "400 RFC 9110 §8.6")]
    [TestCase("Content-Length: 99999999999999999999\r\n", "400 RFC 9110 §8.6")]
    [TestCase("Content-Length: 1099511627776\r\n", "413 RFC 9110 §15.5.14")]
    [TestCase("Transfer-Encoding: chunked\r\nContent-Length: 5\r\n", "400 RFC 9112 §6.3")]
    [TestCase("Transfer-Encoding: gzip, chunked\r\n", "501 RFC 9112 §6.1")]
    [TestCase("Transfer-Encoding: gzip\r\nTransfer-Encoding: chunked\r\n", "501 RFC 9112 §6.1")]
    [TestCase("Transfer-Encoding: chunked, gzip\r\n", "400 RFC 9112 §6.1")]
    [TestCase("Transfer-Encoding: chunked, chunked\r\n", "400 RFC 9112 §6.1")]
    [TestCase("Transfer-Encoding: chunked\r\nTransfer-Encoding: identity\r\n", "400 RFC 9112 §6.1")]
    [TestCase("Transfer-Encoding: , chunked\r\n", "400 RFC 9112 §6.1")]
    [TestCase("Transfer-Encoding: chunked,\r\n", "400 RFC 9112 §6.1")]
    [TestCase("Transfer-Encoding:\r\n", "400 RFC 9112 §6.1")]
    [TestCase("Transfer-Encoding: xchunked\r\n", "400 RFC 9112 §6.3")]
    [TestCase("Transfer-Encoding: identity\r\n", "400 RFC 9112 §6.3")]
    [TestCase("Transfer-Encoding: chunked;q=1\r\n", "400 RFC 9112 §6.3")]
    public void A_length_that_two_readers_may_read_in_two_ways_is_refused(string fields, string rule) =>
        Assert.That(HttpWire.ReadRequests(HttpWire.Request("POST /", fields, "hello")), Is.EqualTo(rule));

    [Test]
    public void Chunks_in_HTTP_1_0_are_refused() =>
        Assert.That(HttpWire.ReadRequests("POST / HTTP/1.0\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n"), Is.EqualTo("400 RFC 9112 §6.1"));

    [TestCase("5\nhello", "400 RFC 9112 §2.2")]
    [TestCase("5;a\nhello", "400 RFC 9112 §2.2")]
    [TestCase("5;a\rX\r\nhello", "400 RFC 9112 §7.1.1")]
    [TestCase("5;a\0b\r\nhello", "400 RFC 9112 §7.1.1")]
    [TestCase("5;\r\nhello", "400 RFC 9112 §7.1.1")]
    [TestCase("5;a=\r\nhello", "400 RFC 9112 §7.1.1")]
    [TestCase("5;a=\"b\r\nhello", "400 RFC 9112 §7.1.1")]
    [TestCase("5 \r\nhello", "400 RFC 9112 §7.1.1")]
    [TestCase("5g\r\nhello", "400 RFC 9112 §7.1.1")]
    [TestCase("0x5\r\nhello", "400 RFC 9112 §7.1.1")]
    [TestCase(" 5\r\nhello", "400 RFC 9112 §7.1")]
    [TestCase("+5\r\nhello", "400 RFC 9112 §7.1")]
    [TestCase("\r\nhello", "400 RFC 9112 §7.1")]
    [TestCase(";a\r\nhello", "400 RFC 9112 §7.1")]
    [TestCase("10000000000000005\r\nhello", "400 RFC 9112 §7.1")]
    [TestCase("ffffffffffffffff\r\nhello", "400 RFC 9112 §7.1")]
    [TestCase("000000000000000000005", "400 RFC 9112 §7.1")]
    [TestCase("7fffffff\r\n", "413 RFC 9110 §15.5.14")]
    public void A_chunk_that_is_none_is_refused(string chunk, string rule) =>
        Assert.That(HttpWire.ReadRequests(HttpWire.Request("POST /", "Transfer-Encoding: chunked\r\n", chunk)), Is.EqualTo($"POST / {rule}"));

    [TestCase("5\r\nhelloX", "hello", "400 RFC 9112 §7.1")]
    [TestCase("5\r\nhello\n0\r\n\r\n", "hello", "400 RFC 9112 §7.1")]
    [TestCase("5\r\nhello\r\n0\n\r\n", "hello", "400 RFC 9112 §2.2")]
    [TestCase("5\r\nhello\r\n0\r\n\n", "hello", "400 RFC 9112 §2.2")]
    [TestCase("5\r\nhello\r\n0\r\nX T: v\r\n\r\n", "hello", "400 RFC 9112 §5")]
    [TestCase("5\r\nhello\r\n0\r\nX: v\r\n w\r\n\r\n", "hello", "400 RFC 9112 §5")]
    [TestCase("6\r\nhello\r\n0\r\n\r\n", "hello\r", "400 RFC 9112 §7.1")]
    public void What_follows_a_chunk_is_checked(string chunks, string read, string rule) =>
        Assert.That(HttpWire.ReadRequests(HttpWire.Request("POST /", "Transfer-Encoding: chunked\r\n", chunks)), Is.EqualTo($"POST / {read}{rule}"));

    [Test]
    public void Bytes_that_were_written_over_are_read_anew()
    {
        var bytes = Encoding.ASCII.GetBytes("GET / HTTP/1.1\r\nHost: a\r\n\r\nGET");
        var reader = new HttpRequestReader();
        Assert.That(reader.TryDecode(bytes, out _, out var consumed) && reader.Head.KeepsAlive, Is.True);
        bytes["GET / HTTP/1.".Length] = (byte)'0';
        Assert.That(reader.TryDecode(bytes, out _, out consumed) && reader.Head.KeepsAlive, Is.False);
        Assert.That(consumed, Is.EqualTo(bytes.Length - 3));
    }

    [TestCase("a", true)]
    [TestCase("A", true)]
    [TestCase("c", false)]
    [TestCase("a: b", false)]
    [TestCase("", false)]
    public void A_field_is_looked_for_by_its_whole_name(string name, bool isThere) =>
        Assert.That(HttpHeaders.Of(("ab", "x"), ("a", "b: c")).Contains(name), Is.EqualTo(isThere));

    [Test]
    public void A_head_says_what_is_in_it()
    {
        var head = HttpRequestHead.Parse(Encoding.ASCII.GetBytes("PUT http://b:81/x/../%61?q HTTP/1.1\r\nHost: a\r\nX-A: 1\r\nx-a: 2\r\nConnection: x, Close\r\nExpect: 100-Continue\r\nContent-Length: 7\r\n\r\n"));
        Assert.That((head.Method, head.Target, head.Host, head.Headers["x-A"], head.KeepsAlive, head.ExpectsContinue, head.Body),
            Is.EqualTo(("PUT", "http://b:81/x/../%61?q", "b:81", "1, 2", false, true, HttpBodyLength.Of(7))));
        Assert.That(head.Headers.Select(static field => field.Name), Is.EqualTo(new[] { "Host", "X-A", "x-a", "Connection", "Expect", "Content-Length" }));
    }

    [Test]
    public void A_leniency_is_off_until_it_is_named()
    {
        const string LoneLf = "GET / HTTP/1.1\nHost: a\nX: y\n\n";
        const string Repeated = "GET / HTTP/1.1\r\nHost: a\r\nContent-Length: 1, 1\r\nContent-Length: 1\r\n\r\nx";
        Assert.That(HttpWire.ReadRequests(LoneLf, new() { Leniencies = HttpLeniencies.LoneLf }), Is.EqualTo("GET / ."));
        Assert.That(HttpWire.ReadRequests(Repeated, new() { Leniencies = HttpLeniencies.RepeatedContentLength }), Is.EqualTo("GET / x."));
        Assert.That(HttpWire.ReadRequests(Repeated, new() { Leniencies = HttpLeniencies.LoneLf }), Is.EqualTo("400 RFC 9110 §8.6"));
    }
}
