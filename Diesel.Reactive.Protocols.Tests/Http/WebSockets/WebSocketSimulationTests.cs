using Diesel.Reactive.Protocols.Http;
using Diesel.Reactive.Testing;

namespace Diesel.Reactive.Tests;

/// <summary>Under delays, cuts, small windows and faults: what is echoed is what was sent, in its order, and every WebSocket ends.</summary>
public class WebSocketSimulationTests
{
    [Test]
    public void Every_message_comes_back_whole_and_in_order_or_the_end_does() => Simulation.Run(HttpSimulated.Seeds, static sim =>
    {
        sim.HasRoughNetwork(window: 100);
        sim.MayBreak(oneOf: 3, withinSeconds: 1);
        var deflates = sim.Random.Next(2) == 0;
        var deflate = deflates ? new WebSocketDeflate { MinimumLength = 1 + sim.Random.Next(100), KeepsContext = sim.Random.Next(2) == 0 } : null;
        new HttpService(80, request => request.AcceptWebSocket(static socket => socket, new() { Deflate = deflate })).Start(sim.HubOn("server"));
        var sent = Enumerable.Range(0, sim.Random.Next(10)).Select(n => Message(sim.Random, n)).ToList();
        var (received, isOver) = (new List<WebSocketMessage>(), false);
        var hub = sim.HubOn("client");
        hub.Fork(async () =>
        {
            try
            {
                var socket = await WebSockets.Connect("ws://server/", new() { Deflate = deflates ? new() { MinimumLength = 1 } : null }, hub);
                socket.Subscribe(received.Add, _ => isOver = true, () => isOver = true);
                foreach (var message in sent)
                {
                    await Send(socket, message, sim.Random, hub);
                }

                while (received.Count < sent.Count && !isOver)
                {
                    await hub.Sleep(TimeSpan.FromMilliseconds(20));
                }

                await socket.Close();
            }
            catch (Exception error) when (error is ConnectionException or TimeoutException)
            {
                isOver = true;
            }
        });
        sim.Until(() => isOver, within: TimeSpan.FromMinutes(5));
        sim.Check(isOver, "the WebSocket ends");
        sim.Check(received.SequenceEqual(sent.Take(received.Count)), "what came back was sent, in its order");
        sim.Check(received.Count == sent.Count || sim.HasBroken(), $"all {sent.Count} messages, not {received.Count}");
    });

    private static async Task Send(WebSocketConnection socket, WebSocketMessage message, Random random, Hub hub)
    {
        if (random.Next(3) > 0)
        {
            socket.OnNext(message);
            return;
        }

        var cut = random.Next(message.Bytes.Length + 1);
        var parts = Observable.Return(message.Bytes[..cut]).Concat(Observable.Timer(TimeSpan.FromMilliseconds(random.Next(20)), hub).Select(_ => message.Bytes[cut..]));
        socket.Send(parts, message.IsText).Subscribe(static _ => { }, static _ => { });
        await hub.Sleep(TimeSpan.FromMilliseconds(random.Next(20)));
    }

    private static WebSocketMessage Message(Random random, int n)
    {
        var text = string.Concat(Enumerable.Range(0, random.Next(2) == 0 ? random.Next(300) : random.Next(5000)).Select(i => (char)('a' + ((i + n) % 26))));
        return random.Next(2) == 0 ? $"{n}\u20ac{text}" : WebSocketMessage.Of(text.ToBytes());
    }
}
