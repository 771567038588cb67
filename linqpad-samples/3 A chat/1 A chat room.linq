<Query Kind="Statements">
  <NuGetReference>Diesel.Reactive</NuGetReference>
  <Namespace>Diesel.Reactive</Namespace>
  <Namespace>System.Net</Namespace>
  <Namespace>System.Reactive.Linq</Namespace>
  <Namespace>System.Threading.Tasks</Namespace>
</Query>

// What each one says goes to everybody. Two guests talk to each other.
var room = new Fanout<string>();
await using var service = new TcpService(new IPEndPoint(IPAddress.Loopback, 0), connection =>
    room.Select(line => (ReadOnlyMemory<byte>)$"{line}\r\n".ToBytes())
        .Merge(connection.Lines().Do(room.Publish).IgnoreElements().Select(_ => ReadOnlyMemory<byte>.Empty)));
service.Start();

using var ann = await Tcp.Connect("127.0.0.1", service.Port);
using var bob = await Tcp.Connect("127.0.0.1", service.Port);
await Hub.Default.Sleep(TimeSpan.FromMilliseconds(50));
ann.OnNext("hello, Bob\r\n".ToBytes());
(await bob.Read(Framing.Lines())).Dump("Bob hears");
