<Query Kind="Statements">
  <NuGetReference>Diesel.Reactive</NuGetReference>
  <Namespace>Diesel.Reactive</Namespace>
  <Namespace>System.Reactive.Linq</Namespace>
</Query>

// LINQPad shows an observable as it goes on; time is the hub's.
Observable.Interval(TimeSpan.FromMilliseconds(200), Hub.Default).Take(5).Select(n => $"tick {n}").Dump("ticks");
