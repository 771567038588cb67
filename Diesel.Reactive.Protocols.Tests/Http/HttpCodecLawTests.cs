using System.Text;
using Diesel.Reactive.Protocols.Http;
using FsCheck.NUnit;
using PropertyAttribute = FsCheck.NUnit.PropertyAttribute;

namespace Diesel.Reactive.Tests;

/// <summary>The laws of framings, of both readers of HTTP.</summary>
[Properties(MaxTest = 300, QuietOnSuccess = true)]
public class HttpCodecLawTests
{
    private static readonly string[] Requests =
    [
        HttpWire.Request("GET /"),
        HttpWire.Request("POST /a?b", "Content-Length: 5\r\nX: y\r\n", "hello"),
        HttpWire.Request("PUT /", "Transfer-Encoding: chunked\r\n", "5;a=\"b\"\r\nhello\r\n1\r\n!\r\n0\r\nT: v\r\nU: w\r\n\r\n"),
        "\r\nGET http://b HTTP/1.0\r\n\r\n",
        HttpWire.Request("GET /", "X : y\r\n"),
        HttpWire.Request("PUT /", "Transfer-Encoding: chunked\r\n", "5\r\nhello\n"),
        "BAD\r\n\r\n",
    ];

    private static readonly string[] Responses =
    [
        "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello",
        "HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 404 Not Found\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nno\r\n0\r\nT: v\r\n\r\n",
        "HTTP/1.1 304 Not Modified\r\nETag: \"1\"\r\n\r\n",
        "HTTP/1.1 200 OK\r\nContent-Length: x\r\n\r\n",
    ];

    [Test]
    public void Every_cut_of_every_request_is_read_alike([ValueSource(nameof(Requests))] string first)
    {
        foreach (var second in Requests)
        {
            Every_cut_in_two_is_alike(Encoding.Latin1.GetBytes(first + second), static chunks => HttpWire.ReadRequests(chunks));
        }
    }

    [Test]
    public void Every_cut_of_every_response_is_read_alike([ValueSource(nameof(Responses))] string first)
    {
        foreach (var second in Responses)
        {
            Every_cut_in_two_is_alike(Encoding.Latin1.GetBytes(first + second), static chunks => HttpWire.ReadResponses(chunks, ["GET", "GET"]));
        }
    }

    [Property]
    public void Any_cuts_are_read_alike(int seed, int[] cuts)
    {
        var draw = new FramingDraw(seed);
        var wire = Encoding.Latin1.GetBytes(string.Concat(draw.Some(() => Requests[draw.Number(0, Requests.Length - 1)])));
        Assert.That(HttpWire.ReadRequests(wire.Cut(cuts)), Is.EqualTo(HttpWire.ReadRequests(wire.ByteByByte())));
    }

    [Property]
    public void Any_bytes_are_parts_or_refused(int seed, byte[] others)
    {
        var wire = Encoding.Latin1.GetBytes(Requests[(int)((uint)seed % Requests.Length)] + Requests[2]);
        Assert.That(HttpWire.ReadRequests([wire.Damaged(others)]), Is.Not.Null);
        Assert.That(HttpWire.ReadResponses([Encoding.Latin1.GetBytes(Responses[1]).Damaged(others)], ["GET"]), Is.Not.Null);
    }

    // What was looked at is overwritten with line ends, which would be found if it were looked at again.
    [TestCase("GET /", 2000, "\r\n")]
    [TestCase("GET / HTTP/1.1\r\nHost: a\r\nX: ", 2000, "\r\n")]
    public void A_line_is_searched_once_however_it_comes(string before, int length, string end)
    {
        var reader = new HttpRequestReader();
        var wire = Encoding.ASCII.GetBytes($"{before}{new string('a', length)}{end}");
        for (var there = 1; there < wire.Length; there++)
        {
            var seen = wire[..there];
            seen.AsSpan(Math.Min(before.Length, there), Math.Max(0, there - before.Length - 2)).Fill((byte)'\n');
            Assert.That(reader.TryDecode(seen, out _, out _), Is.False);
        }
    }

    [Test]
    public void A_chunks_line_and_its_trailers_are_searched_once_however_they_come()
    {
        var reader = new HttpRequestReader();
        Assert.That(reader.TryDecode(Encoding.ASCII.GetBytes(HttpWire.Request("GET /", "Transfer-Encoding: chunked\r\n")), out _, out _), Is.True);
        var wire = Encoding.ASCII.GetBytes($"0\r\nX: {new string('a', 2000)}\r\n");
        for (var there = 1; there < wire.Length; there++)
        {
            var seen = wire[..there];
            seen.AsSpan(Math.Min(3, there), Math.Max(0, there - 5)).Fill((byte)'\n');
            Assert.That(reader.TryDecode(seen, out _, out _), Is.False);
        }
    }

    [Test]
    public void What_is_written_is_read_again()
    {
        var output = new System.Buffers.ArrayBufferWriter<byte>();
        HttpCodec.WriteRequest(output, "POST", "/a?b=c", HttpHeaders.Of(("Host", "a"), ("Transfer-Encoding", "chunked")));
        HttpCodec.WriteChunk(output, "hello"u8);
        HttpCodec.WriteChunk(output, []);
        HttpCodec.WriteLastChunk(output, HttpHeaders.Of(("T", "v")));
        Assert.That(HttpWire.ReadRequests([output.WrittenSpan.ToArray()]), Is.EqualTo("POST /a?b=c hello[T: v|]."));
        output.Clear();
        HttpCodec.WriteResponse(output, 404, HttpHeaders.Of(("Content-Length", "0")));
        Assert.That(HttpWire.ReadResponses([output.WrittenSpan.ToArray()], ["GET"]), Is.EqualTo("404 Not Found ."));
    }

    [TestCase("GE T", "/")]
    [TestCase("GET", "/a b")]
    [TestCase("GET", "/a\r\nX: y")]
    [TestCase("GET", "/é")]
    [TestCase("GET", "")]
    [TestCase("", "/")]
    public void What_would_be_another_request_is_not_written(string method, string target)
    {
        var output = new System.Buffers.ArrayBufferWriter<byte>();
        Assert.That(() => HttpCodec.WriteRequest(output, method, target, default), Throws.ArgumentException);
        Assert.That(output.WrittenCount, Is.Zero);
    }

    private static void Every_cut_in_two_is_alike(byte[] wire, Func<IEnumerable<byte[]>, string> read)
    {
        var whole = read([wire]);
        Assert.That(read(wire.ByteByByte()), Is.EqualTo(whole));
        for (var cut = 1; cut < wire.Length; cut++)
        {
            Assert.That(read([wire[..cut], wire[cut..]]), Is.EqualTo(whole), $"cut at {cut}");
        }
    }
}
