#:project ../Diesel.Reactive.Testing

// A UDP service and its client under 1000 schedules of lost, doubled and late datagrams, in virtual time.
//     dotnet run samples/simulate.cs                  the client asks again after five seconds
//     dotnet run samples/simulate.cs -- --forgetful   it forgets its timeout, and the failing schedule is shown
using System.Reactive.Linq;
using Diesel.Reactive;
using Diesel.Reactive.Testing;

var isForgetful = args is ["--forgetful"];
try
{
    var summary = Simulation.Run(1000, Scenario);
    Console.WriteLine($"{summary.Runs} simulations, {summary.Faults} faults, {summary.VirtualTime.TotalHours:0.0} hours of virtual time: all is well");
}
catch (SimulationFailedException failure)
{
    Console.WriteLine(failure.Message);
    Environment.ExitCode = 1;
}

void Scenario(Simulation sim)
{
    sim.Network.Conditions = new LinkConditions
    {
        Latency = Latency.Between(TimeSpan.FromMilliseconds(10), TimeSpan.FromMilliseconds(200)),
        Loss = 0.3,
        Duplication = 0.05,
        Reordering = 0.1,
    };
    sim.Inject(FaultKind.Partition, "client", "server", within: TimeSpan.FromSeconds(20), upTo: TimeSpan.FromSeconds(20));

    new UdpService(1234, socket => socket.Select(message => message.Reply(message.Payload.ToUpper()))).Start(sim.HubOn("server"));
    var client = new HollaClient("server", 1234, sim.HubOn("client"), isForgetful);
    var answers = sim.Record("answers", Observable.Concat(client.Holla("one"), client.Holla("two"), client.Holla("three")));

    sim.Until(() => answers.IsCompleted, within: TimeSpan.FromMinutes(10));
    sim.Check(string.Join(' ', answers.Values) == "ONE TWO THREE", "each question has its own answer");
}

internal sealed class HollaClient(string host, int port, Hub hub, bool isForgetful) : DatagramClient(host, port, hub: hub)
{
    public Awaitable<string> Holla(string message) => Call(async socket =>
    {
        while (true)
        {
            socket.Send(message.ToBytes());
            if (isForgetful)
            {
                return (await socket.Receive()).Payload.ToText();
            }

            var first = await First.Of(Answer(socket, message), Hub.Sleep(TimeSpan.FromSeconds(5)));
            if (first.TryFirst(out var reply))
            {
                return reply.Payload.ToText();
            }
        }
    });

    // A reply that was late, or came twice, is not the answer to the next question.
    private static Awaitable<Datagram> Answer(IDatagramSocket socket, string message) =>
        socket.Datagrams().FirstAsync(reply => reply.Payload.ToText().Equals(message, StringComparison.OrdinalIgnoreCase)).ToAwaitable();
}
