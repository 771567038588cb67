using System.Text;
using Diesel.Reactive.Protocols.Http;

namespace Diesel.Reactive.Tests;

/// <summary>Which bytes are responses, and where their bodies end.</summary>
public class HttpResponseCodecTests
{
    [TestCase("HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello", "200 OK hello.")]
    [TestCase("HTTP/1.1 200 \r\nContent-Length: 0\r\n\r\n", "200  .")]
    [TestCase("HTTP/1.1 200 OK\r\n\r\nhello", "200 OK closes hello")]
    [TestCase("HTTP/1.0 200 OK\r\nContent-Length: 5\r\n\r\nhello", "200 OK closes hello.")]
    [TestCase("HTTP/1.0 200 OK\r\nConnection: keep-alive\r\nContent-Length: 5\r\n\r\nhello", "200 OK hello.")]
    [TestCase("HTTP/1.1 200 OK\r\nConnection: close\r\nTransfer-Encoding: chunked\r\n\r\n1\r\nx\r\n0\r\nT: v\r\n\r\n", "200 OK closes x[T: v|].")]
    [TestCase("HTTP/1.1 103 Early Hints\r\nLink: x\r\n\r\nHTTP/1.1 204 No Content\r\nContent-Length: 5\r\n\r\n", "103 Early Hints . 204 No Content .")]
    [TestCase("HTTP/1.1 304 Not Modified\r\nContent-Length: 5\r\n\r\n", "304 Not Modified .")]
    public void Responses_are_read(string wire, string read) => Assert.That(HttpWire.ReadResponses(wire), Is.EqualTo(read));

    [TestCase("HEAD", "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\n", "200 OK .")]
    [TestCase("HEAD", "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n", "200 OK .")]
    [TestCase("CONNECT", "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\n", "200 OK closes .")]
    [TestCase("CONNECT", "HTTP/1.1 407 No\r\nContent-Length: 1\r\n\r\nx", "407 No x.")]
    public void The_length_depends_on_what_was_asked(string method, string wire, string read) =>
        Assert.That(HttpWire.ReadResponses(wire, method), Is.EqualTo(read));

    [TestCase("HTTP/1.1 200\r\n\r\n", "502 RFC 9112 §4")]
    [TestCase("HTTP/1.1  200 OK\r\n\r\n", "502 RFC 9112 §4")]
    [TestCase("HTTP/1.1 099 No\r\n\r\n", "502 RFC 9110 §15")]
    [TestCase("HTTP/1.1 2x0 No\r\n\r\n", "502 RFC 9110 §15")]
    [TestCase("HTTP/1.1 200 O\0K\r\n\r\n", "502 RFC 9112 §4")]
    [TestCase("HTTP/3.0 200 OK\r\n\r\n", "502 RFC 9110 §15.6.6")]
    [TestCase("ICY 200 OK\r\n\r\n", "502 RFC 9112 §2.3")]
    [TestCase("x", "502 RFC 9112 §2.1")]
    [TestCase("\r\nHTTP/1.1 200 OK\r\n\r\n", "502 RFC 9112 §2.3")]
    [TestCase("HTTP/1.1 200 OK\r\nContent-Length: 5, 5\r\n\r\nhello", "502 RFC 9110 §8.6")]
    [TestCase("HTTP/1.1 200 OK\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n", "502 RFC 9112 §6.3")]
    [TestCase("HTTP/1.1 200 OK\r\nTransfer-Encoding: gzip\r\n\r\n", "502 RFC 9112 §6.3")]
    [TestCase("HTTP/0.9 200 OK\r\n\r\n", "502 RFC 9110 §15.6.6")]
    [TestCase("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked, gzip\r\n\r\n", "502 RFC 9112 §6.1")]
    [TestCase("HTTP/1.1 100 Continue\r\n\r\n\r\nHTTP/1.1 200 OK\r\n\r\n", "100 Continue . 502 RFC 9112 §2.3")]
    [TestCase("HTTP/1.1 204 OK\r\n\r\nHTTP/1.1 200 OK\r\n\r\n", "204 OK . 502 RFC 9112 §9.2")]
    public void Other_bytes_are_refused_by_a_rule(string wire, string rule) => Assert.That(HttpWire.ReadResponses(wire), Is.EqualTo(rule));

    [Test]
    public void A_status_line_may_end_early_where_that_is_allowed() =>
        Assert.That(HttpWire.ReadResponses([Encoding.ASCII.GetBytes("HTTP/1.1 204\r\n\r\n")], ["GET"], new() { Leniencies = HttpLeniencies.StatusWithoutSpace }), Is.EqualTo("204  ."));
}
