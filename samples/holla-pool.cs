#:project ../Diesel.Reactive

// diesel's holla_pool: six actors share a pool that keeps three connections. Run tcp-holla-server.cs first.
using Diesel.Reactive;

var (host, port) = args.HostAndPort("localhost", 4321);
var pool = ClientPool.Of(() => new HollaClient(host, port), new() { MaxIdle = 3 });
var counter = 0;

Application.Quickstart(Actor, Actor, Actor, Actor, Actor, Actor);

async Task Actor()
{
    while (true)
    {
        await Hub.Default.Sleep(TimeSpan.FromSeconds(Random.Shared.NextDouble()));
        var message = $"Message {counter++}";
        Console.WriteLine(await pool.Use(client => client.Holla(message)));
    }
}

internal sealed class HollaClient(string host, int port) : Client(host, port)
{
    public Awaitable<string> Holla(string message) => Call(async connection =>
    {
        connection.OnNext($"{message}\r\n".ToBytes());
        return (await connection.Read(Framing.UntilEol())).ToText().Trim();
    });
}
