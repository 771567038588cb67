using Diesel.Reactive.Protocols.Http;
using Diesel.Reactive.Testing;

namespace Diesel.Reactive.Tests;

/// <summary>What simulations of HTTP have in common: how many there are, a network that delays and cuts, and a server with handlers of every kind.</summary>
internal static class HttpSimulated
{
    /// <summary>How many are run.</summary>
    public static int Seeds { get; } = Live.IsSoak ? 10_000 : 200;

    /// <summary>Delays and cuts what is sent, and has no more room for it than a few kilobytes.</summary>
    /// <param name="sim">One of the simulations.</param>
    /// <param name="window">The least room: below that, nobody is fast enough for what a service requires.</param>
    public static void HasRoughNetwork(this Simulation sim, int window) => sim.Network.Conditions = new()
    {
        Latency = Latency.Between(TimeSpan.Zero, TimeSpan.FromMilliseconds(50)),
        Cut = Cut.Random(),
        Window = window + sim.Random.Next(3000),
    };

    /// <summary>In one of so many simulations the connection is reset.</summary>
    /// <returns>Whether it is this one.</returns>
    public static bool MayBreak(this Simulation sim, int oneOf, double withinSeconds)
    {
        var breaks = sim.Random.Next(oneOf) == 0;
        if (breaks)
        {
            sim.Inject(FaultKind.Reset, "client", "server", within: TimeSpan.FromSeconds(withinSeconds));
        }

        return breaks;
    }

    /// <summary>Whether something was reset.</summary>
    public static bool HasBroken(this Simulation sim) => sim.Faults.Any(static fault => fault.Kind >= FaultKind.Reset);

    /// <summary>A value, late and at once; a body that comes back whole, and as it comes; one that is made in pieces.</summary>
    public static async Task<HttpResponse> Answer(HttpRequest request)
    {
        var hub = Hub.Current!;
        switch (request.Path)
        {
            case "/slow":
                await hub.Sleep(TimeSpan.FromMilliseconds(30));
                return HttpResponse.Text($"slow {request.QueryString}");
            case "/early":
                return HttpResponse.Text($"early {request.QueryString}");
            case "/echo":
                return HttpResponse.Text($"{request.QueryString} {await request.ReadText()}");
            case "/stream":
                return request.Body.AsResponse();
            case "/moved":
                return HttpResponse.Redirect($"/slow{request.QueryString}", 307);
            case "/close":
                return HttpResponse.Text($"close {request.QueryString}").Closing();
            default:
                return Observable.Range(0, 3).Select(n => Observable.Timer(TimeSpan.FromMilliseconds(n), hub).Select(_ => $"{request.QueryString}{n}")).Concat().AsResponse();
        }
    }
}
