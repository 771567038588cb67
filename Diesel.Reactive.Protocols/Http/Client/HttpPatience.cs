using System.Buffers.Text;

namespace Diesel.Reactive.Protocols.Http;

/// <summary>Until when a connection at rest is good: the server has said how patient it is, and the resolver how long its address lives.</summary>
internal struct HttpPatience(TimeSpan? address, DateTimeOffset now)
{
    // A server that closes at the very second it names would close on a request that is on its way.
    private static readonly TimeSpan Margin = TimeSpan.FromSeconds(1);

    private readonly DateTimeOffset _address = address is { } alive ? now + alive : DateTimeOffset.MaxValue;
    private DateTimeOffset _server = DateTimeOffset.MaxValue;

    public readonly bool Lasts(DateTimeOffset now) => now < _server && now < _address;

    /// <summary>Keep-Alive: timeout=5, max=100 (RFC 2068 §19.7.1.1).</summary>
    public void Note(HttpHeaders headers, DateTimeOffset now)
    {
        if (!headers.TryGet("Keep-Alive", out var field))
        {
            return;
        }

        var value = field.Span;
        var at = value.IndexOf("timeout="u8);
        if (at >= 0 && Utf8Parser.TryParse(value[(at + "timeout="u8.Length)..], out int seconds, out _) && seconds >= 0)
        {
            var said = TimeSpan.FromSeconds(seconds);
            _server = now + (said > Margin + Margin ? said - Margin : said / 2);
        }
    }
}
