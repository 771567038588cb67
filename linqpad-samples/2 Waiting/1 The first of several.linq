<Query Kind="Statements">
  <NuGetReference>Diesel.Reactive</NuGetReference>
  <Namespace>Diesel.Reactive</Namespace>
  <Namespace>System.Reactive.Linq</Namespace>
</Query>

// What loses is given up, and has taken nothing: the item is still in the queue.
var queue = new AsyncQueue<string>();
var first = await First.Of(queue.Get(), Hub.Default.Sleep(TimeSpan.FromMilliseconds(50)));
first.Match(item => item, _ => "nothing for 50 ms").Dump("before");

queue.Put("an item");
first = await First.Of(queue.Get(), Hub.Default.Sleep(TimeSpan.FromMilliseconds(50)));
first.Match(item => item, _ => "nothing for 50 ms").Dump("after");
