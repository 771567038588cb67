using System.Text;
using Diesel.Reactive.Protocols.Http;
using Diesel.Reactive.Testing;

namespace Diesel.Reactive.Tests;

/// <summary>HttpClient with HttpService under delays, cuts, small windows, resets and cancellations: each answer is its request's own, no byte of a body is
/// lost or doubled, what may not be sent twice is not, and every call ends.</summary>
public class HttpClientSimulationTests
{
    [Test]
    public void Every_call_ends_with_its_own_answer_or_an_error([Values] bool isHandler) => Simulation.Run(HttpSimulated.Seeds, sim =>
    {
        sim.HasRoughNetwork(window: 200);
        var isFaulty = sim.MayBreak(oneOf: 2, withinSeconds: 2);
        var posted = new Dictionary<string, int>();
        var service = new HttpService(80, request => Answer(request, posted), new HttpServiceOptions { KeepAliveTimeout = TimeSpan.FromMilliseconds(150 + sim.Random.Next(500)) });
        service.Start(sim.HubOn("server"));
        var hub = sim.HubOn("client");
        var options = DieselHttpHandler.Defaults with { WebProxy = null, MaxConnections = 1 + sim.Random.Next(3), Timeout = TimeSpan.FromSeconds(100), ExpectTimeout = TimeSpan.FromMilliseconds(40) };
        var client = new Client(hub, options, isHandler);
        var (ended, failed) = (0, 0);
        var plan = Enumerable.Range(0, 2 + sim.Random.Next(8)).Select(n => Ask(sim.Random, n)).ToList();
        hub.Fork(async () =>
        {
            foreach (var ask in plan)
            {
                _ = hub.Fork(async () =>
                {
                    var told = await client.Ask(ask);
                    ended++;
                    failed += told is null && !ask.IsCancelled ? 1 : 0;
                    sim.Check(told is null || told == ask.Answer, $"the answer to {ask.Path} is its own");
                });
                await hub.Sleep(TimeSpan.FromMilliseconds(sim.Random.Next(150)));
            }
        });
        sim.Until(() => ended == plan.Count, within: TimeSpan.FromMinutes(5));
        sim.Check(posted.Values.All(static times => times == 1), "what changes something was done once");

        // A server that ends a connection at rest, more patient than the way to it is long, may meet a request on its way: that one fails, if it may not be sent again.
        sim.Check(isFaulty || failed <= plan.Count(static ask => !ask.IsHarmless), "what may be sent again gets its answer");
    });

    private static Task<HttpResponse> Answer(HttpRequest request, Dictionary<string, int> posted)
    {
        if (request.Method == "POST")
        {
            posted[request.Target] = posted.GetValueOrDefault(request.Target) + 1;
        }

        return HttpSimulated.Answer(request);
    }

    private static Asked Ask(Random random, int n)
    {
        var body = string.Concat(Enumerable.Range(0, random.Next(600)).Select(i => (char)('a' + ((i + n) % 26))));
        var (isChunked, expects, isCancelled) = (random.Next(2) == 0, random.Next(4) == 0, random.Next(6) == 0);
        return random.Next(6) switch
        {
            0 => new("GET", $"/slow?{n}", null, false, false, isCancelled, $"slow ?{n}"),
            1 => new("POST", $"/echo?{n}", body, isChunked, expects, isCancelled, $"?{n} {body}"),
            2 => new("PUT", $"/stream?{n}", body, isChunked, expects, isCancelled, body),
            3 => new("GET", $"/moved?{n}", null, false, false, isCancelled, $"slow ?{n}"),
            4 => new("GET", $"/close?{n}", null, false, false, isCancelled, $"close ?{n}"),
            _ => new("GET", $"/parts?{n}", null, false, false, isCancelled, $"?{n}0?{n}1?{n}2"),
        };
    }

    private sealed record Asked(string Method, string Path, string? Body, bool IsChunked, bool Expects, bool IsCancelled, string Answer)
    {
        public bool IsHarmless => Method == "GET";
    }

    private sealed class Client(Hub hub, HttpClientOptions options, bool isHandler)
    {
        private readonly HttpClient _http = new(new DieselHttpHandler(options, hub)) { BaseAddress = new Uri("http://server/"), Timeout = Timeout.InfiniteTimeSpan };
        private readonly HttpHubClient _client = new("server", 80, options, hub);

        public async Task<string?> Ask(Asked ask)
        {
            try
            {
                return isHandler ? await ByHandler(ask) : await ByHub(ask);
            }
            catch (Exception error) when (error is HttpRequestException or IOException or ProtocolException or OperationCanceledException or TimeoutException)
            {
                return null;
            }
        }

        private async Task<string> ByHandler(Asked ask)
        {
            using var cancellation = new CancellationTokenSource();
            using var cancelling = !ask.IsCancelled ? null
                : hub.Sleep(TimeSpan.FromMilliseconds(ask.Path.Length * 5)).Subscribe(_ => cancellation.Cancel());

            using var request = new HttpRequestMessage(new HttpMethod(ask.Method), ask.Path);
            request.Headers.ExpectContinue = ask.Expects;
            if (ask.Body is { } body)
            {
                request.Content = ask.IsChunked ? new StreamContent(new MemoryStream(Encoding.ASCII.GetBytes(body))) : new StringContent(body);
                request.Headers.TransferEncodingChunked = ask.IsChunked ? true : null;
            }

            using var response = await _http.SendAsync(request, cancellation.Token);
            return await response.Content.ReadAsStringAsync(cancellation.Token);
        }

        private async Task<string> ByHub(Asked ask)
        {
            var headers = ask.Expects ? HttpHeaders.Of(("Expect", "100-continue")) : default;
            var body = ask.Body is not { } text ? null : ask.IsChunked ? HttpRequestBody.Streamed(Observable.Return(text.ToBytes())) : HttpRequestBody.Text(text);
            var request = _client.Request(ask.Method, ask.Path, headers, body);
            var reply = await (ask.IsCancelled ? request.Timeout(TimeSpan.FromMilliseconds(ask.Path.Length * 5)) : request);
            return await reply.ReadText();
        }
    }
}
