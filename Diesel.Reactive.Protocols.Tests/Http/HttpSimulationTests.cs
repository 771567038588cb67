using System.Text;
using Diesel.Reactive.Protocols.Http;
using Diesel.Reactive.Testing;

namespace Diesel.Reactive.Tests;

/// <summary>Under delays, cuts, small windows and faults: no answer to the wrong request, no byte of a body lost or doubled, and every connection ends.</summary>
public class HttpSimulationTests
{
    [Test]
    public void Every_request_has_its_own_answer_whatever_becomes_of_the_connection() => Simulation.Run(HttpSimulated.Seeds, static sim =>
    {
        sim.HasRoughNetwork(window: 100);
        sim.MayBreak(oneOf: 3, withinSeconds: 1);
        var service = new HttpService(80, HttpSimulated.Answer);
        service.Start(sim.HubOn("server"));
        var plan = Enumerable.Range(0, 1 + sim.Random.Next(8)).Select(n => Ask(sim.Random, n)).ToList();
        var received = new StringBuilder();
        var isOver = false;
        var hub = sim.HubOn("client");
        hub.Fork(async () =>
        {
            var connection = await Tcp.Connect("server", 80, hub: hub);
            connection.Subscribe(bytes => received.Append(Encoding.Latin1.GetString(bytes.Span)), _ => isOver = true, () => isOver = true);
            foreach (var (request, _) in plan)
            {
                connection.OnNext(request.ToBytes());
                await hub.Sleep(TimeSpan.FromMilliseconds(sim.Random.Next(20)));
            }

            connection.OnCompleted();
        });
        sim.Until(() => isOver, within: TimeSpan.FromMinutes(5));
        sim.Check(isOver, "the connection ends");
        Check(sim, received.ToString(), [.. plan.Select(static each => each.Answer)]);
    });

    private static (string Request, string Answer) Ask(Random random, int n)
    {
        var body = string.Concat(Enumerable.Range(0, random.Next(600)).Select(i => (char)('a' + ((i + n) % 26))));
        var isChunked = random.Next(2) == 0;
        var fields = isChunked ? "Transfer-Encoding: chunked\r\n" : $"Content-Length: {body.Length}\r\n";
        var sent = isChunked ? $"{(body.Length == 0 ? "" : $"{body.Length:x};x=y\r\n{body}\r\n")}0\r\nT: v\r\n\r\n" : body;
        return random.Next(5) switch
        {
            0 => (HttpWire.Request($"POST /slow?{n}", fields, sent), $"slow ?{n}"),
            1 => (HttpWire.Request($"POST /echo?{n}", fields, sent), $"?{n} {body}"),
            2 => (HttpWire.Request($"POST /stream?{n}", fields, sent), body),
            3 => (HttpWire.Request($"POST /early?{n}", fields, sent), $"early ?{n}"),
            _ => (HttpWire.Request($"GET /parts?{n}"), $"?{n}0?{n}1?{n}2"),
        };
    }

    // What came are the first answers, the last of them perhaps cut off; all of them where nothing broke.
    private static void Check(Simulation sim, string received, string[] answers)
    {
        var reader = new HttpResponseReader();
        Array.ForEach(answers, _ => reader.Expect("GET"));
        var (unread, bodies, whole) = ((ReadOnlyMemory<byte>)Encoding.Latin1.GetBytes(received), new List<StringBuilder>(), 0);
        while (unread.Length > 0 && reader.TryDecode(unread, out var part, out var consumed))
        {
            if (part.Kind == HttpPartKind.Head)
            {
                sim.Check(reader.Head.Status == 200, $"a status of 200, not {reader.Head}");
                bodies.Add(new StringBuilder());
            }
            else if (part.Kind == HttpPartKind.Data)
            {
                bodies[^1].Append(part.Bytes.ToText());
            }

            whole += part.IsLast ? 1 : 0;
            unread = unread[consumed..];
        }

        for (var i = 0; i < bodies.Count; i++)
        {
            sim.Check(i < whole ? bodies[i].ToString() == answers[i] : answers[i].StartsWith(bodies[i].ToString(), StringComparison.Ordinal), $"answer {i} is its own");
        }

        sim.Check(whole == answers.Length || sim.HasBroken(), $"all {answers.Length} answers, not {whole}");
    }
}
