using System.Text;
using Diesel.Reactive.Protocols.Http;
using static Diesel.Reactive.Tests.HttpTalk;

namespace Diesel.Reactive.Tests;

/// <summary>Forms of parts come as they come, however they are cut.</summary>
public class HttpMultipartTests
{
    private const string Form = "preamble\r\n--b \r\nContent-Disposition: form-data; name=\"a\"\r\n\r\none\r\n--b\r\nContent-Disposition: form-data; name=\"f\"; filename=\"x\\\"y.txt\"\r\n" +
        "Content-Type: text/plain\r\n\r\n\r\n-\r\n--\r\n--bx\r\n\r\n--b\r\n\r\n\r\n--b--epilogue";

    private const string Read = "a: one; f(x\"y.txt): \r\n-\r\n--\r\n; : ";

    [Test]
    public void Parts_are_read_however_they_are_cut()
    {
        var wire = Encoding.ASCII.GetBytes(Form.Replace("--bx\r\n", "", StringComparison.Ordinal));
        var whole = Pieces([wire]);
        Assert.That(whole, Is.EqualTo("H[Content-Disposition: form-data; name=\"a\"|]one.H[Content-Disposition: form-data; name=\"f\"; filename=\"x\\\"y.txt\"|Content-Type: text/plain|]|-|--|.H[].!"));
        for (var cut = 1; cut < wire.Length; cut++)
        {
            Assert.That(Pieces([wire[..cut], wire[cut..]]), Is.EqualTo(whole), $"cut at {cut}");
        }

        Assert.That(Pieces(wire.ByteByByte()), Is.EqualTo(whole));
    }

    [Test]
    public void A_handler_gets_part_after_part()
    {
        var form = Form.Replace("--bx\r\n", "", StringComparison.Ordinal);
        Assert.That(Send("multipart/form-data; boundary=b", form), Does.StartWith("HTTP/1.1 200").And.EndsWith(Read.Replace("\r\n", " ", StringComparison.Ordinal)));
    }

    [TestCase("text/plain", Form, "415")]
    [TestCase("multipart/form-data", Form, "400")]
    [TestCase("multipart/form-data; boundary=b", Form, "400")]
    [TestCase("multipart/form-data; boundary=b", "--b\r\n\r\nx", "400")]
    [TestCase("multipart/form-data; boundary=b", "--b\r\nno field\r\n\r\nx\r\n--b--", "400")]
    public void What_is_no_such_form_is_refused(string type, string body, string status) => Assert.That(Send(type, body), Does.StartWith($"HTTP/1.1 {status} "));

    [Test]
    public void A_part_that_nobody_reads_is_skipped()
    {
        var body = "--b\r\nContent-Disposition: form-data; name=a\r\n\r\nmuch\r\n--b\r\nContent-Disposition: form-data; name=c\r\n\r\n\r\n--b--\r\n";
        Assert.That(Answer(static async request => HttpResponse.Text(string.Concat((await request.Multipart().ToList()).Select(static part => part.Name))),
            HttpWire.Request("POST /", $"Content-Type: multipart/form-data; boundary=b\r\nContent-Length: {body.Length}\r\n", body)), Does.EndWith("  ac"));
    }

    private static string Send(string type, string body) => Answer(static async request =>
    {
        var parts = await request.Multipart().SelectMany(static part => part.Body.Aggregate("", static (all, bytes) => all + bytes.ToText())
            .Select(text => $"{part.Name}{(part.FileName is { } file ? $"({file})" : "")}: {text}")).ToList();
        return HttpResponse.Text(string.Join("; ", parts));
    }, HttpWire.Request("POST /", $"Content-Type: {type}\r\nContent-Length: {body.Length}\r\n", body));

    private static string Pieces(IEnumerable<byte[]> chunks)
    {
        var story = new StringBuilder();
        chunks.Select(static chunk => chunk.AsReadOnly()).ToObservable(System.Reactive.Concurrency.ImmediateScheduler.Instance).Decode(new MultipartFraming("b")).Subscribe(
            piece => story.Append(piece.Kind switch
            {
                MultipartKind.Head => $"H[{piece.Bytes.ToText()}]",
                MultipartKind.Data => piece.Bytes.ToText(),
                MultipartKind.EndOfPart => ".",
                MultipartKind.EndOfForm => "!",
                _ => "",
            }),
            error => story.Append(error.GetType().Name));
        return story.ToString().ReplaceLineEndings("|");
    }
}
