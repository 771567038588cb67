#:project ../Diesel.Reactive.Protocols

// Many ask for a page that takes long to render, and it is rendered once; when it is out of date, nobody waits for the new one but who renders it.
//     dotnet run samples/memcached-stampede.cs                    a server of its own, which ends with it
//     dotnet run samples/memcached-stampede.cs -- localhost 50    an existing one, 50 callers: start several of these at a time
using System.Net;
using Diesel.Reactive;
using Diesel.Reactive.Protocols;
using Diesel.Reactive.Protocols.Memcached;

var service = new MemcachedService(new IPEndPoint(IPAddress.Loopback, 0));
Application.Quickstart(service, () => Demo());

async Task Demo()
{
    using var cache = new MemcachedClient(args.FirstOrDefault() ?? $"{service.EndPoint}");
    var callers = args.Length > 1 ? int.Parse(args[1]) : 100;
    var rendered = 0;

    Console.WriteLine(await Ask("first"));
    await cache.Invalidate("sample:page", TimeSpan.FromMinutes(1));
    Console.WriteLine(await Ask("second"));
    Console.WriteLine($"then all get the {await cache.Get("sample:page")}");
    await cache.Delete("sample:page");
    Application.Quickstop();

    async Task<string> Ask(string edition)
    {
        rendered = 0;
        var pages = await Awaitable.All(Enumerable.Range(0, callers).Select(_ => cache.GetOrCompute("sample:page", TimeSpan.FromMinutes(1), () => Render(edition))));
        var kinds = pages.GroupBy(page => page.ToText()).Select(same => $"{same.Count()} got the {same.Key}").Order();
        return $"rendered {rendered} time{(rendered == 1 ? "" : "s")}: {string.Join(", ", kinds)}";
    }

    async Task<Bytes> Render(string edition)
    {
        rendered++;
        await Hub.Current!.Sleep(TimeSpan.FromMilliseconds(200));
        return $"{edition} edition";
    }
}
