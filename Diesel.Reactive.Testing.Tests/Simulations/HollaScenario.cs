using Diesel.Reactive.Testing;

namespace Diesel.Reactive.Tests;

/// <summary>A service that answers in capitals, over a network that loses three datagrams of ten and is parted for a while, and a
/// client that asks three times.</summary>
internal static class HollaScenario
{
    public static LinkConditions Lossy { get; } = new()
    {
        Latency = Latency.Between(TimeSpan.FromMilliseconds(10), TimeSpan.FromMilliseconds(200)),
        Loss = 0.3,
        Duplication = 0.05,
        Reordering = 0.1,
    };

    public static void Careful(Simulation sim) => Run(sim, new CarefulClient(sim.HubOn("client")));

    /// <summary>Forgets the timeout: what is lost is waited for for ever.</summary>
    public static void Forgetful(Simulation sim) => Run(sim, new ForgetfulClient(sim.HubOn("client")));

    private static void Run(Simulation sim, HollaClient client)
    {
        sim.Network.Conditions = Lossy;
        sim.Inject(FaultKind.Partition, "client", "server", within: TimeSpan.FromSeconds(20), upTo: TimeSpan.FromSeconds(20));
        new UdpService(1234, static socket => socket.Select(message => message.Reply(message.Payload.ToUpper()))).Start(sim.HubOn("server"));
        var answers = sim.Record("answers", Observable.Concat(client.Holla("one"), client.Holla("two"), client.Holla("three")));
        sim.Until(() => answers.IsCompleted, within: TimeSpan.FromMinutes(10));
        sim.Check(string.Join(' ', answers.Values) == "ONE TWO THREE", "each question has its own answer");
    }

    private abstract class HollaClient(Hub hub) : DatagramClient("server", 1234, hub: hub)
    {
        public abstract Awaitable<string> Holla(string message);
    }

    private sealed class CarefulClient(Hub hub) : HollaClient(hub)
    {
        public override Awaitable<string> Holla(string message) => Call(async socket =>
        {
            while (true)
            {
                socket.Send(message.ToBytes());
                var first = await First.Of(Answers(socket, message), Hub.Sleep(TimeSpan.FromSeconds(5)));
                if (first.TryFirst(out var reply))
                {
                    return reply.Payload.ToText();
                }
            }
        });

        // A reply that was late, or came twice, is not the answer to the next question.
        private static Awaitable<Datagram> Answers(IDatagramSocket socket, string message) =>
            socket.Datagrams().FirstAsync(reply => reply.Payload.ToText().Equals(message, StringComparison.OrdinalIgnoreCase)).ToAwaitable();
    }

    private sealed class ForgetfulClient(Hub hub) : HollaClient(hub)
    {
        public override Awaitable<string> Holla(string message) => Call(async socket =>
        {
            socket.Send(message.ToBytes());
            return (await socket.Receive()).Payload.ToText();
        });
    }
}
