using Diesel.Reactive.Protocols.Http;
using Diesel.Reactive.Testing;
using static Diesel.Reactive.Tests.HttpTalk;

namespace Diesel.Reactive.Tests;

/// <summary>A recorded conversation is a test of whoever answers it.</summary>
public class HttpReplayTests
{
    private static readonly MarbleOptions Options = new() { IgnoreHubErrors = true, ExpectNothing = true };

    private static readonly string[] Asked =
    [
        Get, HttpWire.Request("POST /a?b", "Content-Length: 5\r\nExpect: 100-continue\r\n", "hello"), "GET /c HTT",
        "P/1.1\r\nHost: a\r\n\r\n" + HttpWire.Request("PUT /", "Transfer-Encoding: chunked\r\n", "3\r\nabc\r\n0\r\n\r\n"), "BAD\r\n",
    ];

    [Test]
    public void What_was_recorded_is_answered_alike()
    {
        var tape = Record(Answer);
        Assert.That(tape.Tx, Does.Contain("100 Continue").And.Contain("hello").And.Contain(Convert.ToHexStringLower("400 Bad Request"u8)), "what is not ASCII is digits");
        Replay(tape, Answer);
    }

    [Test]
    public void A_service_that_answers_otherwise_is_caught()
    {
        var tape = Record(Answer);
        Assert.That(() => Replay(tape, static _ => Task.FromResult(HttpResponse.Text("other"))), Throws.TypeOf<MarblesDifferException>());
        Assert.That(() => Replay(tape, async request =>
        {
            await Hub.Current!.Sleep(TimeSpan.FromMilliseconds(1));
            return await Answer(request);
        }), Throws.TypeOf<MarblesDifferException>());
    }

    private static async Task<HttpResponse> Answer(HttpRequest request) => HttpResponse.Text($"{request.Method} {request.Target} {await request.ReadText()}");

    private static (string Rx, string Tx) Record(Func<HttpRequest, Task<HttpResponse>> handler)
    {
        var wiretap = new Wiretap();
        using var hosts = new TwoHosts(VirtualClock.Marbles());
        hosts.Link = new() { Cut = Cut.Random(7), Latency = TimeSpan.FromMilliseconds(2) };
        hosts.Starts(new HttpService(Port, handler, new() { Layer = wiretap.Tap }));
        hosts.Runs(async () =>
        {
            var connection = await Tcp.Connect("server", Port);
            foreach (var said in Asked)
            {
                connection.OnNext(said.ToBytes());
                await hosts.Client.Sleep(TimeSpan.FromMilliseconds(20));
            }

            connection.OnCompleted();
            return await connection.Count();
        });
        hosts.Passes(1000);
        return (wiretap.Tapes[0].Rx, wiretap.Tapes[0].Tx);
    }

    private static void Replay((string Rx, string Tx) tape, Func<HttpRequest, Task<HttpResponse>> handler) => MarbleTest.Run(t =>
    {
        var connection = t.Duplex(tape.Rx, tape.Tx).Connection;
        new HttpService(Port, handler).Serve(connection).Subscribe(connection.OnNext, static _ => { }, connection.Dispose);
    }, Options);
}
