#:project ../Diesel.Reactive
#:package NATS.Net

// A durable stream of NATS JetStream as an observable on a hub: kept for weeks, and replayed to whoever comes later, which is what a queue or a fan-out in Redis is not for.
//     dotnet run samples/nats.cs                          on a server of its own
//     dotnet run samples/nats.cs -- nats://host:4222      on yours, which has JetStream
using System.Reactive.Linq;
using System.Reactive.Threading.Tasks;
using Diesel.Reactive;
using NATS.Client.Core;
using NATS.Client.JetStream;
using NATS.Client.JetStream.Models;

using var server = PrivateNats.Unless(args.FirstOrDefault());
await using var nats = new NatsConnection(new NatsOpts { Url = server.Uri });
var js = new NatsJSContext(nats);
await js.CreateOrUpdateStreamAsync(new StreamConfig("orders", ["orders.*"]) { MaxAge = TimeSpan.FromDays(30) });
for (var i = 0; i < 3; i++)
{
    (await js.PublishAsync("orders.new", $"order {i}")).EnsureSuccess();
}

// Two who come later get all of it; the second fails at one, and gets that again.
Console.WriteLine(string.Join(", ", await Replay("first").Do(order => order.Ack()).Select(order => order.Value).Take(3).ToList().ToTask()));
Console.WriteLine(string.Join(", ", await Replay("second").Do(order => order.Settle(order.Value == "order 1" && order.Count == 1)).Select(order => $"{order.Value} ({order.Count})").Take(4).ToList().ToTask()));

IObservable<Order> Replay(string consumer) => JetStream.Observe(js, "orders", new ConsumerConfig(consumer) { DeliverPolicy = ConsumerConfigDeliverPolicy.All }, Hub.Default)
    .Select(static message => new Order(message));

/// <summary>The adapter.</summary>
internal static class JetStream
{
    /// <summary>What a durable consumer is given, on a hub: whoever subscribes pulls, and stops when he leaves.</summary>
    public static IObservable<INatsJSMsg<string>> Observe(INatsJSContext js, string stream, ConsumerConfig config, Hub hub) =>
        Observable.Create<INatsJSMsg<string>>(async (observer, token) =>
        {
            var consumer = await js.CreateOrUpdateConsumerAsync(stream, config, token);
            await foreach (var message in consumer.ConsumeAsync<string>(cancellationToken: token))
            {
                observer.OnNext(message);
            }
        }).ObserveOn(hub);
}

/// <summary>An order, to be acknowledged as a delivery of <c>RedisQueue</c> is.</summary>
internal sealed class Order(INatsJSMsg<string> message)
{
    public string Value => message.Data ?? "";

    public int Count => (int)(message.Metadata?.NumDelivered ?? 0);

    public void Ack() => _ = message.AckAsync().AsTask();

    public void Settle(bool fails) => _ = fails ? message.NakAsync().AsTask() : message.AckAsync().AsTask();
}
