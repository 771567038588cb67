#:project ../Diesel.Reactive
#:package Microsoft.Orleans.Runtime
#:package Microsoft.Orleans.Streaming
#:package Microsoft.Orleans.Persistence.Memory

// A stream of Orleans as an observable on a hub: its grains are stateful objects that are spread over machines, which is what shared objects in Redis are not for.
//     dotnet run samples/orleans.cs                       one silo, in this program and in memory
using System.Net;
using System.Net.Sockets;
using System.Reactive.Disposables;
using System.Reactive.Linq;
using Diesel.Reactive;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Orleans;
using Orleans.Hosting;
using Orleans.Runtime;
using Orleans.Streams;

using var host = Host.CreateDefaultBuilder(args)
    .ConfigureLogging(static logging => logging.ClearProviders())
    .UseOrleans(static silo => silo.UseLocalhostClustering(FreePort(), FreePort()).AddMemoryGrainStorage("PubSubStore").AddMemoryStreams("memory"))
    .Build();
await host.StartAsync();
var stream = host.Services.GetRequiredService<IClusterClient>().GetStreamProvider("memory").GetStream<decimal>(StreamId.Create("prices", "tea"));

// Everyone gets every item; whoever has enough leaves.
var (all, two) = (new AwaitableSource<IList<decimal>>(), new AwaitableSource<IList<decimal>>());
OrleansStream.Observe(stream, Hub.Default).Take(3).ToList().Subscribe(list => all.TrySetResult(list));
OrleansStream.Observe(stream, Hub.Default).Take(2).ToList().Subscribe(list => two.TrySetResult(list));
while ((await stream.GetAllSubscriptionHandles()).Count < 2)
{
    await Hub.Default.Sleep(TimeSpan.FromMilliseconds(10));
}

foreach (var price in new[] { 9.99m, 9.49m, 8.99m })
{
    await stream.OnNextAsync(price);
}

Console.WriteLine(FormattableString.Invariant($"{string.Join(", ", await all)}"));
Console.WriteLine(FormattableString.Invariant($"{string.Join(", ", await two)}"));
while ((await stream.GetAllSubscriptionHandles()).Count > 0)
{
    await Hub.Default.Sleep(TimeSpan.FromMilliseconds(10));
}

await host.StopAsync();

static int FreePort()
{
    using var listener = new TcpListener(IPAddress.Loopback, 0);
    listener.Start();
    return ((IPEndPoint)listener.LocalEndpoint).Port;
}

/// <summary>The adapter.</summary>
internal static class OrleansStream
{
    /// <summary>What is published to a stream from now on, on a hub: whoever subscribes is a subscriber of the stream, until he leaves.</summary>
    public static IObservable<T> Observe<T>(IAsyncStream<T> stream, Hub hub) => Observable.Create<T>(async observer =>
    {
        var handle = await stream.SubscribeAsync(
            (item, _) =>
            {
                observer.OnNext(item);
                return Task.CompletedTask;
            },
            error =>
            {
                observer.OnError(error);
                return Task.CompletedTask;
            },
            () =>
            {
                observer.OnCompleted();
                return Task.CompletedTask;
            });
        return Disposable.Create(() => _ = handle.UnsubscribeAsync());
    }).ObserveOn(hub);
}
