#:project ../Diesel.Reactive.Protocols.Riak.Testing

// Diesel's RiakClient: an object is stored and read, two writers make siblings, a set is changed, keys are found.
//     dotnet run samples/riak.cs                        a node in memory, which ends with it
//     RIAK=localhost:8087 dotnet run samples/riak.cs    an existing one, which has the types mult and sets
using Diesel.Reactive;
using Diesel.Reactive.Protocols.Riak;
using Diesel.Reactive.Protocols.Riak.Testing;

Application.Quickstart(() => Demo());

async Task Demo()
{
    await using var service = new RiakService();
    service.Start();
    using var riak = new RiakClient(Environment.GetEnvironmentVariable("RIAK") ?? $"127.0.0.1:{service.Port}");
    await riak.Put("testing", "foo", "1", returnBody: true);
    Console.WriteLine((await riak.Get("testing", "foo")).Value);

    // Who has not seen what another stored does not overwrite it.
    RiakBucket many = ("mult", "testing");
    await riak.Delete(many, "bar", (await riak.Get(many, "bar", new() { DeletedVClock = true })).VClock);
    var before = await riak.Get(many, "bar", new() { DeletedVClock = true });
    await riak.Put(many, "bar", "one", before.VClock);
    await riak.Put(many, "bar", "two", before.VClock);
    var found = await riak.Get(many, "bar");
    Console.WriteLine($"{found.Contents.Count(content => content.IsDeleted != true)} siblings");
    found = await riak.Put(many, "bar", "both", found.VClock, returnBody: true);
    Console.WriteLine(found.Value);

    await riak.Put("testing", "ada", ((RiakContent)"Ada").WithIndex("born_int", 1815));
    await riak.Put("testing", "alan", ((RiakContent)"Alan").WithIndex("born_int", 1912));
    await foreach (var match in riak.Index("testing", IndexQuery.Between("born_int", 1800, 1900)).ReadAllAsync(1))
    {
        Console.WriteLine($"{match.Key} was born in the 19th century");
    }

    RiakBucket sets = ("sets", "testing");
    await riak.Update(sets, "colours", new SetUpdate().Add("red", "green"));
    var colours = await riak.Fetch(sets, "colours");
    await riak.Update(sets, "colours", new SetUpdate().Remove("red").Add("blue"), colours.Context);
    Console.WriteLine(string.Join(' ', ((SetValue)(await riak.Fetch(sets, "colours")).Value!).Members));
    Application.Quickstop();
}
