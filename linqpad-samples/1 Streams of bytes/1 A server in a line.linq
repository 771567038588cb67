<Query Kind="Statements">
  <NuGetReference>Diesel.Reactive</NuGetReference>
  <Namespace>Diesel.Reactive</Namespace>
  <Namespace>System.Net</Namespace>
  <Namespace>System.Reactive.Linq</Namespace>
  <Namespace>System.Threading.Tasks</Namespace>
</Query>

// A whole server: many connections on one thread, each with bounded memory.
await using var service = new TcpService(new IPEndPoint(IPAddress.Loopback, 0), connection => connection.UntilEol().Select(line => line.ToUpper()));
service.Start();

using var connection = await Tcp.Connect("127.0.0.1", service.Port);
connection.OnNext("hello\r\n".ToBytes());
(await connection.Read(Framing.Lines())).Dump("the answer");
