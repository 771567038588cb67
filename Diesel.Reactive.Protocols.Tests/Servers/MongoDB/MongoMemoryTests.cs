using System.Globalization;
using Diesel.Reactive.Protocols.MongoDB.Testing;
using MongoDB.Bson;

namespace Diesel.Reactive.Tests;

/// <summary>What a process holds at most that reads and writes far more than that: the largest it ever was, less what it was when it had read a few.</summary>
public class MongoMemoryTests
{
    private const long Most = 64 * 1024 * 1024;

    // A batch of 16 MiB, as servers give when nobody asks for less, is an array of its own, and .NET collects such only after some of them.
    [TestCase("WhenTaken", 1000, Most)]
    [TestCase("OneAhead", 1000, Most)]
    [TestCase("Exhaust", 1000, Most)]
    [TestCase("WhenTaken", 16_000, 3 * Most)]
    public async Task A_slow_reader_of_a_million_documents_holds_the_server(string batches, int size, long most)
    {
        using var live = new Live();
        var service = live.Starts(new MongoService());
        var total = Live.IsSoak ? 1_000_000 : 50_000;

        // From then on, when the program has read what it reads first.
        service.Commands.Where(static command => command.GetElement(0).Name == "ping").Subscribe(_ => Endless(service, total, size));
        var kills = 0;
        service.Commands.Where(static command => command.GetElement(0).Name == "killCursors").Subscribe(_ => kills++);
        var (read, memory) = await Run("read", service.Port, $"{batches},{size}");
        Assert.That((read, kills), Is.EqualTo((total, 0)));
        Assert.That(memory, Is.LessThan(most));
    }

    [Test]
    public async Task A_file_of_a_hundred_megabytes_is_not_held()
    {
        using var live = new Live();
        var service = live.Starts(new MongoService());
        var length = Live.IsSoak ? 100 * 1024 * 1024 : 20 * 1024 * 1024;
        var written = await Run("write", service.Port, $"{length}");
        var fetched = await Run("fetch", service.Port, "large");
        Assert.That((written.Count, fetched.Count), Is.EqualTo((length, length)));
        Assert.That(Math.Max(written.Memory, fetched.Memory), Is.LessThan(Most));
    }

    // Documents of 1 KiB, made as they are asked for.
    private static void Endless(MongoService service, int total, int size)
    {
        var document = new BsonDocument { { "_id", 1 }, { "text", new string('a', 1000) } };
        var given = 0;
        BsonDocument Batch(string name, int most)
        {
            var count = Math.Min(most, total - given);
            given += count;
            service.Expect("getMore", _ => Batch("nextBatch", size));
            return new() { { "cursor", new BsonDocument { { "id", given < total ? 7L : 0L }, { "ns", "db.test" }, { name, new BsonArray(Enumerable.Repeat(document, count)) } } }, { "ok", 1 } };
        }

        service.Expect("find", _ => Batch("firstBatch", 101));
    }

    /// <returns>How much it has read or written, and by how much it has grown at most, in bytes.</returns>
    private static async Task<(long Count, long Memory)> Run(string what, int port, string more)
    {
        var image = Compiled.Image("mongo-memory", ["Diesel.Reactive.Protocols.MongoDB"], [Compiled.Parse(Program)]);
        await using var process = SampleProcess.Run("mongo-memory", SampleBuild.Write("mongo-memory", image), what, $"{port}", more);
        var said = (await process.ReadToEnd()).Split(' ');
        Assert.That(await process.End(), Is.EqualTo((0, "")));
        var (count, before, most) = (Number(said[0]), Number(said[1]), Number(said[2]));
        TestContext.Out.WriteLine($"{what} {more}: {count:N0}, {before / 1048576.0:0.0} MiB before, {most / 1048576.0:0.0} MiB at most");
        return (count, most - before);
    }

    private static long Number(string text) => long.Parse(text, CultureInfo.InvariantCulture);

    private const string Program = """
        using Diesel.Reactive;
        using Diesel.Reactive.Protocols.MongoDB;

        var (what, more) = (args[0], args[2]);
        using var mongo = new MongoClient($"mongodb://127.0.0.1:{args[1]}", new() { Timeout = TimeSpan.FromSeconds(60) });
        for (var i = 0; i < 100; i++)
        {
            await mongo["db"]["few"].InsertOne(new { i });
        }

        await foreach (var _ in mongo["db"]["few"].Find().BatchSize(10).ReadAllAsync())
        {
        }

        await mongo["db"].RunCommand("{ ping: 1 }");

        var (before, count) = (Memory("VmRSS"), 0L);
        switch (what)
        {
            case "read":
                var (batches, size) = (Enum.Parse<MongoBatches>(more.Split(',')[0]), int.Parse(more.Split(',')[1]));
                var found = mongo["db"].GetCollection<RawBson>("test").With(o => o with { Batches = batches, BatchSize = size }).Find();
                await foreach (var document in found.ReadAllAsync())
                {
                    if (++count % 10_000 == 0)
                    {
                        await Task.Delay(10);
                    }
                }

                break;
            case "write":
                count = long.Parse(more);
                await mongo["db"].Bucket().Upload("large", Zeros(count));
                break;
            default:
                await foreach (var piece in mongo["db"].Bucket().Download(more))
                {
                    count += piece.Length;
                }

                break;
        }

        Console.WriteLine($"{count} {before} {Memory("VmHWM")}");

        static long Memory(string name) => long.Parse(File.ReadLines("/proc/self/status").First(line => line.StartsWith(name)).Split(' ', StringSplitOptions.RemoveEmptyEntries)[1]) * 1024;

        static async IAsyncEnumerable<ReadOnlyMemory<byte>> Zeros(long length)
        {
            await Task.CompletedTask;
            var chunk = new byte[64 * 1024];
            for (var left = length; left > 0; left -= chunk.Length)
            {
                yield return chunk.AsMemory(0, (int)Math.Min(left, chunk.Length));
            }
        }
        """;
}
