namespace Diesel.Reactive.Tests;

/// <summary>What the sample of MongoDB does, on its own server.</summary>
public class MongoSampleTests
{
    [Test]
    public async Task Mongodb_stores_finds_changes_and_counts()
    {
        await using var process = await SampleProcess.Start("mongodb");
        Assert.That(await process.ReadToEnd(), Is.EqualTo("Haskell\nnone\nC\nPython\nfunctional: 1\nimperative: 2\n2 are gone\n"));
        Assert.That(await process.End(), Is.EqualTo((0, "")));
    }
}
