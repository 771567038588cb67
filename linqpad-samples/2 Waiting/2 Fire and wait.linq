<Query Kind="Statements">
  <NuGetReference>Diesel.Reactive</NuGetReference>
  <Namespace>Diesel.Reactive</Namespace>
  <Namespace>System.Reactive.Linq</Namespace>
</Query>

// Who is not waiting when a signal is fired misses it.
var signals = new Signals();
signals.Fire("thing", "nobody hears this");
using var hearing = signals.On("thing").Subscribe(value => value.Dump("heard"));
signals.Fire("thing", "this is heard");
await Hub.Default.Sleep(TimeSpan.FromMilliseconds(20));
