#:project ../Diesel.Reactive

// diesel's holla_pool: six actors share a pool that keeps three connections. Run tcp-holla-server.cs first.
using System.Text;
using Diesel.Reactive;

var port = args.Length > 0 ? int.Parse(args[0]) : 4321;
var seconds = args.Length > 1 ? int.Parse(args[1]) : 10;
var pool = Pool.OfClients(() => new HollaClient("localhost", port), new() { MaxIdle = 3 });
var counter = 0;

Application.Quickstart(Enumerable.Repeat((Func<Task>)Actor, 6), (Func<Task>)Stop);

async Task Actor()
{
    while (true)
    {
        await Hub.Current!.Sleep(TimeSpan.FromSeconds(Random.Shared.NextDouble()));
        var message = $"Message {counter++}";
        Console.WriteLine(await pool.Use(client => client.Holla(message)));
    }
}

async Task Stop()
{
    await Hub.Current!.Sleep(TimeSpan.FromSeconds(seconds));
    Console.WriteLine(pool);
    Application.Quickstop();
}

sealed class HollaClient(string host, int port) : Client(host, port)
{
    private static readonly Framing<string> Line = Framing.UntilEol().Select(line => Encoding.UTF8.GetString(line.Span).Trim());

    public Awaitable<string> Holla(string message) => Call(async connection =>
    {
        connection.OnNext(Encoding.UTF8.GetBytes(message + "\r\n"));
        var answer = await First.Of(connection.Read(Line), Hub.Sleep(TimeSpan.FromSeconds(5)));
        return answer.Match(line => line, _ => "nothing :-(");
    });
}
