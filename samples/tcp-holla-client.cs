#:project ../Diesel.Reactive

// diesel's tcp_holla_client: sends what you type to tcp-holla-server and waits 5 seconds for its reply.
using System.Reactive.Linq;
using Diesel.Reactive;

var (host, port) = args.HostAndPort("localhost", 4321);
Application.Quickstart(Demo);

async Task Demo()
{
    using var client = new HollaClient(host, port);
    try
    {
        while (await Ask("message> ") is { } message)
        {
            Console.WriteLine($"reply> {await client.Holla(message)}");
        }
    }
    catch (IOException error)
    {
        Console.Error.WriteLine(error.Message);
        Environment.ExitCode = 1;
    }
}

static async Task<string?> Ask(string prompt)
{
    Console.Write(prompt);
    return await StandardInput.Lines().FirstOrDefaultAsync();
}

internal sealed class HollaClient(string host, int port) : Client(host, port)
{
    public Awaitable<string> Holla(string message) => Call(async connection =>
    {
        connection.OnNext($"{message}\r\n".ToBytes());
        var first = await First.Of(connection.Read(Framing.UntilEol()), Hub.Sleep(TimeSpan.FromSeconds(5)));
        if (first.TryFirst(out var reply))
        {
            return reply.ToText().Trim();
        }

        // A reply that comes late must not answer the next message, which gets a new connection.
        connection.Abort();
        return "nothing :-(";
    });
}
