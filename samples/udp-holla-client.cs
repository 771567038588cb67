#:project ../Diesel.Reactive

// diesel's udp_holla_client: sends what you type to udp-holla-server and waits 5 seconds for its reply.
using System.Reactive.Linq;
using Diesel.Reactive;

var (host, port) = args.HostAndPort("localhost", 1234);
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

internal sealed class HollaClient(string host, int port) : DatagramClient(host, port)
{
    public Awaitable<string> Holla(string message) => Call(async socket =>
    {
        socket.Send($"{message}\r\n".ToBytes());
        var first = await First.Of(socket.Receive(), Hub.Sleep(TimeSpan.FromSeconds(5)));
        if (first.TryFirst(out var reply))
        {
            return reply.Payload.ToText().Trim();
        }

        // A reply that comes late must not answer the next message, which gets a new socket.
        socket.Dispose();
        return "nothing :-(";
    });
}
