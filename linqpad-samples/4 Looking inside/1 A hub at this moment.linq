<Query Kind="Statements">
  <NuGetReference>Diesel.Reactive</NuGetReference>
  <Namespace>Diesel.Reactive</Namespace>
  <Namespace>System.Net</Namespace>
  <Namespace>System.Reactive.Linq</Namespace>
  <Namespace>System.Threading.Tasks</Namespace>
</Query>

// Loops, connections, timers, and what each waits for.
await using var service = new TcpService(new IPEndPoint(IPAddress.Loopback, 0), connection => connection.UntilEol());
service.Start();
using var connection = await Tcp.Connect("127.0.0.1", service.Port);
(await Hub.Default.Snapshot()).ToString().Dump();
