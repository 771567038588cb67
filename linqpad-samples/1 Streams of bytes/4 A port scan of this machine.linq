<Query Kind="Statements">
  <NuGetReference>Diesel.Reactive</NuGetReference>
  <Namespace>Diesel.Reactive</Namespace>
  <Namespace>System.Reactive.Linq</Namespace>
</Query>

// Who listens here? A hundred attempts at a time, each of them 200 ms at most.
var open = await Observable.Range(1, 1023)
    .Select(port => Tcp.Connect("127.0.0.1", port)
        .Timeout(TimeSpan.FromMilliseconds(200), Hub.Default)
        .Do(connection => connection.Dispose())
        .Select(_ => port)
        .Catch(Observable.Empty<int>()))
    .Merge(100)
    .ToList();
open.Dump("open ports");
