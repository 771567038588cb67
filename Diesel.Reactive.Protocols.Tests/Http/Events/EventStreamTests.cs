using System.Buffers;
using System.Text;
using Diesel.Reactive.Protocols.Http;

namespace Diesel.Reactive.Tests;

/// <summary>Event streams as text, by the examples of WHATWG HTML §9.2.6, and as responses.</summary>
public class EventStreamTests
{
    private static readonly object[] Streams =
    [
        new object[] { "data: YHOO\ndata: +2\ndata: 10\n\n", "message: YHOO\n+2\n10" },
        new object[] { ": test stream\n\ndata: first event\nid: 1\n\ndata:second event\nid\n\ndata:  third event\n\n", "message: first event (1), message: second event (), message:  third event ()" },
        new object[] { "data\n\ndata\ndata\n\ndata:", "message: , message: \n" },
        new object[] { "data:test\n\ndata: test\n\n", "message: test, message: test" },
        new object[] { "event: add\r\ndata: 1\r\n\r\nevent: remove\rdata: 2\r\r", "add: 1, remove: 2" },
        new object[] { "\ufeffdata: a\n\n", "message: a" },
        new object[] { "retry: 1500\ndata: a\n\nretry: x\ndata: b\n\n", "message: a [1500], message: b" },
        new object[] { "id: a\0b\ndata: x\n\nid: 7\n\ndata: y\n\n", "message: x, message: y (7)" },
        new object[] { "unknown: x\nevent: only\n\ndata: y\n\n", "message: y" },
        new object[] { ":\n:\n:\ndata: \u20ac\U0001f600\n\n", "message: \u20ac\U0001f600" },
        new object[] { "data: never dispatched\n", "" },
    ];

    [TestCaseSource(nameof(Streams))]
    public void Reads_events_however_they_are_cut(string stream, string events)
    {
        var wire = Encoding.UTF8.GetBytes(stream);
        Assert.That(Read([wire]), Is.EqualTo(events));
        Assert.That(Read([.. wire.Select(static each => (byte[])[each])]), Is.EqualTo(events), "byte by byte");
        for (var cut = 0; cut < wire.Length; cut++)
        {
            Assert.That(Read([wire[..cut], wire[cut..]]), Is.EqualTo(events), $"cut at {cut}");
        }
    }

    [TestCase("a")]
    [TestCase("")]
    [TestCase("a\nb\n\nc")]
    [TestCase("data: a")]
    [TestCase(" leading")]
    public void What_is_written_is_read_again(string data)
    {
        var output = new ArrayBufferWriter<byte>();
        EventStreamFraming.Write(new(data, "kind", "id", TimeSpan.FromSeconds(2)), output);
        Assert.That(Read([output.WrittenSpan.ToArray()]), Is.EqualTo($"kind: {data} (id) [2000]"));
    }

    [TestCase("a\nb", "x")]
    [TestCase("a", "x\r")]
    [TestCase("a", "x\0")]
    public void What_would_be_another_field_is_not_written(string type, string id)
    {
        var output = new ArrayBufferWriter<byte>();
        Assert.That(() => EventStreamFraming.Write(new("data", type, id), output), Throws.ArgumentException);
        Assert.That(output.WrittenCount, Is.Zero);
    }

    [Test]
    public void An_event_without_end_is_refused_and_comments_without_end_are_not_kept()
    {
        Assert.That(() => Read([Encoding.ASCII.GetBytes("data: " + new string('x', 200))], maxLength: 100), Throws.InstanceOf<FrameTooLongException>());
        Assert.That(Read([Encoding.ASCII.GetBytes(string.Concat(Enumerable.Repeat(": alive\n", 100)) + "data: a\n\n")], maxLength: 100), Is.EqualTo("message: a"));
    }

    [Test]
    public void Is_a_response_with_comments_where_it_is_silent()
    {
        using var world = new World();
        var events = new System.Reactive.Subjects.Subject<ServerSentEvent>();
        var peer = world.Talk(_ => events.AsEventStream(), "GET / HTTP/1.1\r\nHost: a\r\n\r\n");
        Assert.That(peer.Answers(), Is.EqualTo("HTTP/1.1 200 OK Content-Type: text/event-stream Cache-Control: no-store Transfer-Encoding: chunked  "));
        world.Do(() => events.OnNext(new("a", Id: "1"))).Passes(16);
        world.Do(events.OnCompleted);
        Assert.That(peer.Answers(), Does.EndWith("chunked  f id: 1\ndata: a\n\n 3 :\n\n 0  "));
    }

    [Test]
    public void A_client_that_leaves_ends_the_events()
    {
        using var world = new World();
        var isOver = false;
        var peer = world.Talk(_ => Observable.Never<ServerSentEvent>().Finally(() => isOver = true).AsEventStream(), "GET / HTTP/1.1\r\nHost: a\r\n\r\n");
        peer.Resets();
        world.Passes(16);
        Assert.That((isOver, world.Trouble), Is.EqualTo((true, "")));
    }

    [Test]
    public void Knows_where_a_client_goes_on()
    {
        string? last = null;
        HttpTalk.Answer(
            request =>
            {
                last = request.LastEventId();
                return HttpResponse.Of(204);
            },
            "GET / HTTP/1.1\r\nHost: a\r\nLast-Event-ID: 41\r\n\r\n");
        Assert.That(last, Is.EqualTo("41"));
    }

    private static string Read(byte[][] chunks, int maxLength = 1000)
    {
        var (decoder, unread, told) = (new EventStreamFraming(maxLength).CreateDecoder(), ReadOnlyMemory<byte>.Empty, new List<string>());
        foreach (var chunk in chunks)
        {
            unread = (byte[])[.. unread.Span, .. chunk];
            for (var isFound = true; isFound && unread.Length > 0;)
            {
                isFound = decoder.TryDecode(unread, out var one, out var consumed);
                unread = unread[consumed..];
                if (isFound)
                {
                    told.Add($"{one}{(one.Id is null ? "" : $" ({one.Id})")}{(one.Retry is { } retry ? $" [{retry.TotalMilliseconds}]" : "")}");
                }
            }
        }

        return string.Join(", ", told);
    }
}
