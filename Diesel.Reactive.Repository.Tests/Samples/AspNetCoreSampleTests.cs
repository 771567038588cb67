namespace Diesel.Reactive.Tests;

/// <summary>The samples of ASP.NET Core on a hub, asked by .NET's client.</summary>
public class AspNetCoreSampleTests
{
    [Test]
    public async Task The_api_and_the_loop_beside_it_share_what_they_count()
    {
        var (server, at) = await SampleProcess.Serve("aspnetcore");
        await using var _ = server;
        using var client = new HttpClient { BaseAddress = new($"http://{at}/") };
        Assert.That(await client.GetStringAsync(new Uri("hello/ann", UriKind.Relative)), Is.EqualTo("hello ann, you are visitor 1\n"));
        Assert.That(await client.GetStringAsync(new Uri("", UriKind.Relative)), Does.Match("^1 visits in [0-9]+ s\n$"));
    }

    [Test]
    public async Task The_contract_is_served()
    {
        var (server, at) = await SampleProcess.Serve("aspnetcore-contract");
        await using var _ = server;
        using var client = new HttpClient { BaseAddress = new($"http://{at}/") };
        Assert.That(await client.GetStringAsync(new Uri("info/x?y", UriKind.Relative)), Does.Contain("path=/info/x\nquery=?y\n"));
    }
}
