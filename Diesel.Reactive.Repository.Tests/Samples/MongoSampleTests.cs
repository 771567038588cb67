namespace Diesel.Reactive.Tests;

/// <summary>What the samples of MongoDB do, on their own servers.</summary>
public class MongoSampleTests
{
    [Test]
    public async Task Mongodb_stores_finds_changes_and_counts()
    {
        await using var process = await SampleProcess.Start("mongodb");
        Assert.That(await process.ReadToEnd(), Is.EqualTo("Haskell\nnone\nC\nPython\nfunctional: 1\nimperative: 2\n2 are gone\n"));
        Assert.That(await process.End(), Is.EqualTo((0, "")));
    }

    [Test]
    public async Task Mongodb_tail_shows_what_is_written()
    {
        await using var process = await SampleProcess.Start("mongodb-tail");
        Assert.That(await process.ReadToEnd(), Is.EqualTo(
            """
            insert { "_id" : 1, "what" : "tea" }
            insert { "_id" : 2, "what" : "cake" }
            update { "_id" : 1, "what" : "tea", "sugar" : true }
            replace { "_id" : 2, "what" : "bread" }
            delete { "_id" : 1 }

            """.ReplaceLineEndings("\n")));
        Assert.That(await process.End(), Is.EqualTo((0, "")));
    }
}
