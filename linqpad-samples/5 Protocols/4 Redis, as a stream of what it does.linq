<Query Kind="Statements">
  <NuGetReference>Diesel.Reactive.Protocols</NuGetReference>
  <Namespace>Diesel.Reactive</Namespace>
  <Namespace>Diesel.Reactive.Protocols.Redis</Namespace>
  <Namespace>System.Reactive.Linq</Namespace>
</Query>

// Needs a Redis at localhost: each command that it gets, for three seconds. Talk to it meanwhile, with redis-cli or the lines below.
using var redis = new RedisClient("localhost");
redis.Monitor().TakeUntil(Observable.Timer(TimeSpan.FromSeconds(3), Hub.Default)).Dump("commands");
await redis.Set("greeting", "hello");
(await redis.Get("greeting")).Dump("greeting");
