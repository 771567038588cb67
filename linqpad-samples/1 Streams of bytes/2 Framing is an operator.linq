<Query Kind="Statements">
  <NuGetReference>Diesel.Reactive</NuGetReference>
  <Namespace>Diesel.Reactive</Namespace>
  <Namespace>System.Reactive.Linq</Namespace>
</Query>

// However the bytes are cut, the frames are the same.
foreach (var chunks in new[] { new[] { "one\r\ntwo\r\n" }, new[] { "on", "e\r", "\ntw", "o\r\n" } })
{
    chunks.Select(chunk => chunk.ToBytes()).ToObservable().Lines().ToList().Wait().Dump($"of {chunks.Length} chunks");
}
