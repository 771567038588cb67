using System.Net;
using System.Security.Cryptography;
using System.Text;
using Diesel.Reactive.Protocols.Http;

namespace Diesel.Reactive.Inspector;

/// <summary>A page for the person at this machine: served on loopback only, to whoever has its token, with one socket that it talks by.</summary>
/// <remarks>It runs on a hub of its own, so that it can tell of another that stands still. While nobody looks, that hub sleeps.</remarks>
internal sealed class LocalPage : IDisposable
{
    private const string Socket = "/socket";

    // Nothing from elsewhere, and nowhere within another page.
    private const string Policy = "default-src 'none'; script-src 'unsafe-inline'; style-src 'unsafe-inline'; connect-src 'self'; img-src data:; frame-ancestors 'none'; base-uri 'none'";

    private readonly byte[] _token = Encoding.ASCII.GetBytes(Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(16)));
    private readonly string _markup;
    private readonly Func<WebSocketConnection, Task> _talk;
    private readonly HttpService _service;

    /// <summary>Serves a page.</summary>
    /// <param name="markup">Names nothing that is not in it. Its script opens <c>/socket</c> with the query of its own address.</param>
    /// <param name="port">Where; 0: where there is room.</param>
    /// <param name="talk">Talks with one page, on the page's hub, until that leaves.</param>
    /// <exception cref="ConnectionException">The port is taken.</exception>
    public LocalPage(string markup, int port, Func<WebSocketConnection, Task> talk)
    {
        (_markup, _talk) = (markup, talk);
        _service = new HttpService(new IPEndPoint(IPAddress.Loopback, port), Answer);
        try
        {
            _service.Start(Hub);
        }
        catch
        {
            Hub.Dispose();
            throw;
        }

        Address = new Uri($"http://127.0.0.1:{_service.Port}/?token={Encoding.ASCII.GetString(_token)}");
    }

    /// <summary>Its own hub.</summary>
    public Hub Hub { get; } = new(new HubOptions { Name = "Diesel.Reactive page", Spin = TimeSpan.Zero });

    /// <summary>Where it is, with the token.</summary>
    public Uri Address { get; }

    /// <summary>Who looks at it is told that the connection is gone.</summary>
    public void Dispose() => Hub.Dispose();

    private HttpResponse Answer(HttpRequest request)
    {
        // A name that leads here from another site's page is none of ours.
        if (request.Host != Address.Authority && request.Host != $"localhost:{Address.Port}")
        {
            return HttpResponse.Text("This page has another address.", 403);
        }

        if (!CryptographicOperations.FixedTimeEquals(Encoding.UTF8.GetBytes(request.Query["token"] ?? ""), _token))
        {
            return HttpResponse.Text("The address that the program has printed has a token, and this one has not.", 403);
        }

        return request.Path switch
        {
            "/" when request.Method == "GET" => HttpResponse.Html(_markup).With("Content-Security-Policy", Policy)
                .With("Referrer-Policy", "no-referrer").With("Cache-Control", "no-store").With("X-Content-Type-Options", "nosniff"),
            Socket => request.AcceptWebSocket(_talk, new WebSocketOptions
            {
                AllowedOrigins = [$"http://{Address.Authority}", $"http://localhost:{Address.Port}"], MaxMessage = 4 * 1024 * 1024,
            }),
            _ => HttpResponse.Of(404),
        };
    }
}
