<Query Kind="Statements">
  <NuGetReference>Diesel.Reactive</NuGetReference>
  <Namespace>Diesel.Reactive</Namespace>
  <Namespace>System.Net</Namespace>
  <Namespace>System.Reactive.Linq</Namespace>
  <Namespace>System.Threading.Tasks</Namespace>
</Query>

// Every datagram goes back to whoever has sent it.
await using var service = new UdpService(new IPEndPoint(IPAddress.Loopback, 0), socket => socket.Select(datagram => datagram.Reply(datagram.Payload)));
service.Start();

using var socket = await Udp.Connect(service.EndPoint);
socket.Send("is anybody there?".ToBytes());
var answer = await socket.FirstAsync().Timeout(TimeSpan.FromSeconds(2));
answer.Payload.ToText().Dump("the answer");
