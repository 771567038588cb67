<Query Kind="Statements">
  <NuGetReference>Diesel.Reactive.Protocols</NuGetReference>
  <Namespace>Diesel.Reactive</Namespace>
  <Namespace>Diesel.Reactive.Protocols</Namespace>
  <Namespace>Diesel.Reactive.Protocols.Memcached</Namespace>
  <Namespace>System.Net</Namespace>
  <Namespace>System.Reactive.Linq</Namespace>
  <Namespace>System.Threading.Tasks</Namespace>
</Query>

// A hundred ask for what is not there; one of them computes it.
await using var server = new MemcachedService(new IPEndPoint(IPAddress.Loopback, 0));
server.Start();
using var cache = new MemcachedClient($"127.0.0.1:{server.Port}");

var computed = 0;
var pages = await Observable.Merge(Enumerable.Range(0, 100).Select(_ => cache.GetOrCompute("page", TimeSpan.FromSeconds(30), Render))).ToList();
new { pages = pages.Count, computed }.Dump();

async Task<Bytes> Render()
{
    computed++;
    await Task.Delay(100);
    return "<html>";
}
