<Query Kind="Statements">
  <NuGetReference>Diesel.Reactive.Testing</NuGetReference>
  <Namespace>Diesel.Reactive</Namespace>
  <Namespace>Diesel.Reactive.Testing</Namespace>
  <Namespace>System.Reactive.Linq</Namespace>
</Query>

// A server and a client on a network in memory: ten milliseconds each way, byte by byte, and no time passes.
await MarbleTest.RunAsync(async t =>
{
    t.Network.Conditions = new() { Latency = TimeSpan.FromMilliseconds(10), Cut = Cut.Bytewise };
    new TcpService(4321, connection => connection.UntilEol().Select(line => line.ToUpper())).Start(t.HubOn("server"));
    using var connection = await Tcp.Connect("server", 4321, hub: t.HubOn("client"));
    connection.OnNext("hello\r\n".ToBytes());
    (await connection.Read(Framing.Lines())).Dump("the answer");
    t.Scheduler.Elapsed.Dump("virtual time");
    MarbleTable.Draw(t.Network.Trace.Rows()).Dump("what crossed");
});
