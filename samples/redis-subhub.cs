#:project ../Diesel.Reactive.Protocols

// diesel's RedisSubHub: what is published on two channels, and a lost connection that is told of.
//     dotnet run samples/redis-subhub.cs                         on a server of its own
//     dotnet run samples/redis-subhub.cs -- redis://host:6379    on yours
using System.Reactive.Linq;
using System.Reactive.Threading.Tasks;
using Diesel.Reactive;
using Diesel.Reactive.Protocols.Redis;

using var server = PrivateRedis.Unless(args.FirstOrDefault());
using var redis = new RedisClient(server.Uri);
using var hub = new RedisSubHub(server.Uri);

var channels = hub.Channels("chan.a", "chan.b");
using var gaps = channels.Gaps.Subscribe(_ => Console.WriteLine("the connection was lost, and is back"));
var acting = channels.Take(5).ForEachAsync(m => Act(m.Channel, m.Text));

// What is published from here on arrives.
await channels.Opened;
await redis.Publish("chan.a", "one");
await redis.Publish("chan.b", "two");
await redis.Publish("chan.c", "nobody listens to this");
await redis.Publish("chan.a", "three");

// Somebody ends the connection on which they are listened to: it is made again.
var back = channels.Gaps.FirstAsync().ToTask();
await redis.Command("CLIENT KILL", "TYPE", "pubsub");
await back;
await redis.Publish("chan.a", "four");
await redis.Publish("chan.b", "five");
await acting;

static void Act(string channel, string text) => Console.WriteLine(channel == "chan.a" ? $"acting on A: {text}" : $"acting on B: {text}");
