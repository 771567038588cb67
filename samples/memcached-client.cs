#:project ../Diesel.Reactive.Protocols

// The Twisted tutorial's memcached client, and more: values, several at once, who changes one first, numbers, an end.
//     dotnet run samples/memcached-client.cs                  a server of its own, which ends with it
//     dotnet run samples/memcached-client.cs -- localhost     an existing one, or several: a:11211,b:11211; keys begin with sample:
using System.Net;
using System.Reactive.Linq;
using Diesel.Reactive;
using Diesel.Reactive.Protocols.Memcached;

var service = new MemcachedService(new IPEndPoint(IPAddress.Loopback, 0));
Application.Quickstart(service, () => Demo());

async Task Demo()
{
    using var cache = new MemcachedClient(args.FirstOrDefault() ?? $"{service.EndPoint}");
    foreach (var key in (string[])["greeting", "nothing", "visits", "list"])
    {
        await cache.Delete($"sample:{key}");
    }

    await cache.Set("sample:greeting", "hello", ttl: TimeSpan.FromMinutes(1));
    Console.WriteLine($"greeting is {await cache.Get("sample:greeting")}");
    Console.WriteLine($"nothing is {(await cache.Get("sample:nothing"))?.ToText() ?? "missing"}");

    var found = await cache.GetMany("sample:greeting", "sample:nothing");
    Console.WriteLine($"of two keys, {found.Count} is there");

    // What somebody else has changed meanwhile is not overwritten.
    var item = await cache.GetItem("sample:greeting");
    await cache.Set("sample:greeting", "good morning");
    Console.WriteLine($"a swap that comes too late: {await cache.CompareAndSwap("sample:greeting", "good evening", item!.Cas)}");

    for (var visit = 0; visit < 3; visit++)
    {
        Console.WriteLine($"visit {await cache.Increment("sample:visits", initial: 1)}");
    }

    Console.WriteLine($"added: {await cache.Add("sample:list", "a")}, added again: {await cache.Add("sample:list", "b")}");
    await cache.Append("sample:list", ",b");
    Console.WriteLine($"the list is {await cache.Get("sample:list")}");

    // However many are asked for in one turn, they leave together.
    var values = await Awaitable.All(Enumerable.Range(0, 1000).Select(_ => cache.Get("sample:list")));
    Console.WriteLine($"{values.Length} answers");
    Application.Quickstop();
}
