using NUnit.Framework;

namespace DieselWeb.Tests;

public class WebAppTests
{
    [Test]
    public async Task Says_hello()
    {
        await using var app = WebApp.Build("--urls", "http://127.0.0.1:0");
        await app.StartAsync();
        using var client = new HttpClient { BaseAddress = new Uri(app.Urls.Single()) };

        Assert.That(await client.GetStringAsync("/"), Is.EqualTo("Hello from a hub\n"));
    }
}
