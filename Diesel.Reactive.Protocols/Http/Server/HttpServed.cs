using System.Globalization;
using System.Net;
using System.Text;

namespace Diesel.Reactive.Protocols.Http;

/// <summary>A request that was answered, or whose answer was cut off: a line of an access log.</summary>
/// <param name="Request">The request; its body is over.</param>
/// <param name="Status">The status of the answer; 0: the connection was lost before there was one.</param>
/// <param name="Began">When its head had come.</param>
/// <param name="Elapsed">From then until the last byte of the answer was queued.</param>
/// <param name="BytesRead">How many bytes of its body were read.</param>
/// <param name="BytesSent">How many bytes of the answer's body were queued.</param>
/// <param name="Error">What the handler threw, or why the answer is not whole; null: it is.</param>
public sealed record HttpServed(HttpRequest Request, int Status, DateTimeOffset Began, TimeSpan Elapsed, long BytesRead, long BytesSent, Exception? Error = null)
{
    /// <summary>A line as the logs of web servers have it, in Combined Log Format: whose request it was, when, what, status, bytes, and which page and
    /// program it came from. Nothing in it ends the line, or a quoted part, before its time.</summary>
    public override string ToString()
    {
        var client = Request.RemoteEndPoint is IPEndPoint ip ? ip.Address.ToString() : "-";
        var bytes = BytesSent == 0 ? "-" : BytesSent.ToString(CultureInfo.InvariantCulture);
        var time = Began.ToString("dd/MMM/yyyy:HH:mm:ss zzz", CultureInfo.InvariantCulture).Remove(24, 1);
        return string.Create(CultureInfo.InvariantCulture, $"{client} - - [{time}] \"{Request}\" {Status} {bytes} {Quoted("Referer")} {Quoted("User-Agent")}");
    }

    private string Quoted(string name)
    {
        var text = new StringBuilder("\"");
        foreach (var each in Request.Headers[name] ?? "-")
        {
            _ = each is '"' or '\\' ? text.Append('\\').Append(each) : char.IsControl(each) ? text.Append(CultureInfo.InvariantCulture, $"\\x{(int)each:x2}") : text.Append(each);
        }

        return text.Append('"').ToString();
    }
}
