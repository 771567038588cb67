#:project ../Diesel.Reactive.Protocols.Riak.Testing

// Diesel's Bucket: siblings are resolved by whoever made the bucket, and what was resolved is stored.
//     dotnet run samples/riak-bucket.cs                        a node in memory, which ends with it
//     RIAK=localhost:8087 dotnet run samples/riak-bucket.cs    an existing one, which has the type mult
using Diesel.Reactive;
using Diesel.Reactive.Protocols;
using Diesel.Reactive.Protocols.Riak;
using Diesel.Reactive.Protocols.Riak.Testing;

Application.Quickstart(() => Demo());

async Task Demo()
{
    await using var service = new RiakService();
    service.Start();
    using var riak = new RiakClient(Environment.GetEnvironmentVariable("RIAK") ?? $"127.0.0.1:{service.Port}");
    RiakBucket where = ("mult", "diesel.testing");
    var longest = Resolve.Pairwise<string>((t1, v1, t2, v2) => v1.Length > v2.Length ? v1 : v2);
    var bucket = new Bucket<string>(where, riak, longest, ValueCodec.Text);

    await bucket.Delete("bar");
    await bucket.Put("bar", "a test for you!");
    Console.WriteLine(await bucket.Get("bar"));

    // Somebody else, who has not seen it.
    await riak.Put(where, "bar", "another, which is longer");
    Console.WriteLine(await bucket.Get("bar"));
    Console.WriteLine((await riak.Get(where, "bar")).HasSiblings ? "siblings" : "resolved");

    foreach (var name in new[] { "ada", "alan", "grace" })
    {
        await bucket.Put(name, name.ToUpperInvariant());
    }

    var names = new List<string>();
    await foreach (var entry in bucket.GetMany(["ada", "alan", "grace", "nobody"]).ReadAllAsync(100))
    {
        names.Add($"{entry.Key}: {entry.Value ?? "nothing"}");
    }

    Console.WriteLine(string.Join(", ", names.Order()));
    await bucket.Delete("bar");
    Console.WriteLine(await bucket.Get("bar") ?? "gone");
    Application.Quickstop();
}
