#:project ../Diesel.Reactive.AspNetCore

// A minimal API on a hub, which shares what it counts with a loop beside it, without a lock. curl http://127.0.0.1:8087/hello/you
using Diesel.Reactive;
using Diesel.Reactive.AspNetCore;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.Logging;

var hub = new Hub();
var builder = WebApplication.CreateSlimBuilder();
builder.Logging.ClearProviders();
builder.WebHost.UseDiesel(new() { Hub = hub, RunsOnHub = true }).UseUrls($"http://127.0.0.1:{args.Port(8087)}");
var app = builder.Build();

var (visits, seconds) = (0, 0);
app.MapGet("/", () => $"{visits} visits in {seconds} s\n");
app.MapGet("/hello/{name}", (string name) => $"hello {name}, you are visitor {++visits}\n");
hub.Fork(async () =>
{
    while (true)
    {
        await hub.Sleep(TimeSpan.FromSeconds(1));
        seconds++;
    }
});

app.Lifetime.ApplicationStarted.Register(() => Console.WriteLine($"listening on {new Uri(app.Urls.Single()).Authority}"));
app.Run();
