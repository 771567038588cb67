<Query Kind="Statements">
  <NuGetReference>Diesel.Reactive</NuGetReference>
  <Namespace>Diesel.Reactive</Namespace>
  <Namespace>System.Reactive.Linq</Namespace>
  <Namespace>System.Threading.Tasks</Namespace>
</Query>

// Set once, seen by all who wait and by all who come later.
var ready = new Event();
var waiting = Enumerable.Range(1, 3).Select(async n => { await ready.Wait(); return $"waiter {n} goes on"; }).ToList();
ready.Set();
(await Task.WhenAll(waiting)).Dump("who waited");
await ready.Wait();
"who came late goes on, too".Dump();
