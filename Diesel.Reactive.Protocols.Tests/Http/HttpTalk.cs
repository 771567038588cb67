using System.Text.RegularExpressions;
using Diesel.Reactive.Protocols.Http;

namespace Diesel.Reactive.Tests;

/// <summary>A service on a virtual network, and raw clients of it.</summary>
internal static class HttpTalk
{
    public const int Port = 80;

    public const string Get = "GET / HTTP/1.1\r\nHost: a\r\n\r\n";

    /// <summary>Starts a service and a client that says something.</summary>
    public static Peer Talk(this World world, Func<HttpRequest, HttpResponse> handler, string request, HttpServiceOptions? options = null)
    {
        world.Starts(new HttpService(Port, handler, options));
        return world.Dials(Port).Sends(request);
    }

    public static Peer Talk(this World world, Func<HttpRequest, Task<HttpResponse>> handler, string request, HttpServiceOptions? options = null)
    {
        world.Starts(new HttpService(Port, handler, options));
        return world.Dials(Port).Sends(request);
    }

    public static string Answer(Func<HttpRequest, HttpResponse> handler, string request, HttpServiceOptions? options = null)
    {
        using var world = new World();
        return world.Talk(handler, request, options).Answers();
    }

    public static string Answer(Func<HttpRequest, Task<HttpResponse>> handler, string request, HttpServiceOptions? options = null)
    {
        using var world = new World();
        return world.Talk(handler, request, options).Answers();
    }

    /// <summary>What came, without its dates and what texts are: line ends are spaces, <c>|</c> is a FIN and <c>#</c> a reset.</summary>
    public static string Answers(this Peer peer) => Regex.Replace(peer.Story, "Date: [^G]*GMT |Content-Type: (text/plain; charset=utf-8|application/octet-stream) ", "");
}
