using System.Net;

namespace Diesel.Reactive.Tests;

/// <summary>The smallest web server.</summary>
[Parallelizable(ParallelScope.All)]
public class HttpSampleTests
{
    [Test]
    public async Task Says_hello_to_whoever_asks()
    {
        var (process, server) = await SampleProcess.Serve("http");
        await using var _ = process;
        using var client = new HttpClient { BaseAddress = new($"http://{server}") };
        using var answer = await client.GetAsync(new Uri("/you", UriKind.Relative));
        Assert.That((answer.StatusCode, await answer.Content.ReadAsStringAsync()), Is.EqualTo((HttpStatusCode.OK, "Hello, /you!\n")));
    }
}
