#:project ../Diesel.Reactive.Dashboard

// A hub in the terminal, live: an echo service under load, a pool with a line before it, something that takes long. In a pipe it is a line a second.
//     dotnet run samples/dashboard.cs            for five seconds
//     dotnet run samples/dashboard.cs 60         for a minute
using System.Reactive.Linq;
using Diesel.Reactive;
using Diesel.Reactive.Dashboard;

var seconds = args.Length > 0 ? double.Parse(args[0]) : 5;
var hub = new Hub(new() { Name = "shop" });
var service = new TcpService(0, connection => connection.UntilEol());
service.Start(hub);

var began = hub.Now;
var progress = Observable.Interval(TimeSpan.FromSeconds(0.1), hub).Select(_ => new DashboardProgress("this sample", (hub.Now - began).TotalSeconds, seconds));
using (hub.Dashboard(new() { Progress = progress, EveryLine = TimeSpan.FromSeconds(1) }))
{
    for (var i = 1; i <= 40; i++)
    {
        var pause = TimeSpan.FromMilliseconds(2 * i);
        _ = hub.Fork(() => Talk(pause), $"caller {i}");
    }

    var pool = ConnectionPool.Of("localhost", service.Port, new() { Name = "three connections", Max = 3 }, hub: hub);
    for (var i = 1; i <= 10; i++)
    {
        _ = hub.Fork(() => Borrow(pool), $"borrower {i}");
    }

    await hub.Sleep(TimeSpan.FromSeconds(seconds));
}

hub.Dispose();

async Task Talk(TimeSpan pause)
{
    using var connection = await Tcp.Connect("localhost", service.Port);
    while (true)
    {
        connection.OnNext("a line that comes back\r\n".ToBytes());
        await connection.Read(Framing.UntilEol());
        await hub.Sleep(pause);
    }
}

async Task Borrow(Pool<Connection> pool)
{
    while (true)
    {
        await pool.Use(async connection =>
        {
            connection.OnNext("a question\r\n".ToBytes());
            await connection.Read(Framing.UntilEol());
            await hub.Sleep(TimeSpan.FromSeconds(0.2));
        });
    }
}
