#:project ../Diesel.Reactive.Protocols

// A chat whose servers share what is said: start two on one Redis, each on a port of its own, and talk to them with telnet.
//     dotnet run samples/redis-chat.cs                                on a server of its own
//     dotnet run samples/redis-chat.cs -- 4321 redis://host:6379      on yours
using System.Reactive.Linq;
using Diesel.Reactive;
using Diesel.Reactive.Protocols.Redis;

using var server = PrivateRedis.Unless(args.ElementAtOrDefault(1));
using var redis = new RedisClient(server.Uri);
using var hub = new RedisSubHub(redis);
var said = hub.Channels("chat");

var service = new TcpService(args.Take(1).ToArray().Port(4321), Talk);
Application.Quickstart(service, () => Console.WriteLine($"listening on {service.EndPoint}, with {server.Uri}"));

// However many talk here, the server has one subscription. Who does not read what is said harms only itself: its connection is ended at a bound.
IObservable<ReadOnlyMemory<byte>> Talk(Connection client)
{
    var name = $"{client.RemoteEndPoint}";
    var says = client.UntilEol().Select(line => line.TrimEol().ToText()).SelectMany(line => redis.Publish("chat", $"{name}: {line}"));
    return said.Select(message => $"{message.Text}\r\n".ToBytes()).Merge(says.Select(_ => ReadOnlyMemory<byte>.Empty).Where(bytes => !bytes.IsEmpty)).TakeUntil(client.PeerEnded);
}
