using Diesel.Reactive.AspNetCore;
using Diesel.Reactive.Protocols.Http;
using Diesel.Reactive.Testing;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc.Testing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace Diesel.Reactive.Tests;

/// <summary>WebApplicationFactory, as suites of applications have it, over a hub.</summary>
public class DieselFactoryTests
{
    [Test]
    public async Task It_serves_over_sockets([Values] bool onHub)
    {
        using var live = new Live();
        await using var factory = new Factory(web => web.UseDiesel(new() { Hub = live.Hub, RunsOnHub = onHub }));
        factory.UseKestrel(0);
        factory.StartServer();
        using var client = factory.CreateClient();
        using var answer = await client.PostAsync(new Uri("/x?y", UriKind.Relative), new StringContent("body"));
        Assert.That((await answer.Content.ReadAsStringAsync(), factory.KindOfServer()), Is.EqualTo(("POST /x?y body", typeof(DieselServer))));
        Assert.That((await live.Hub.Snapshot()).ConnectionCount, Is.EqualTo(1));
    }

    [Test]
    public Task And_on_a_virtual_network_in_virtual_time() => MarbleTest.RunAsync(
        async test =>
        {
            var hub = test.HubOn("server");
            await using var factory = new Factory(web => web.UseDieselTestServer(hub));
            factory.UseKestrel(0);
            using (ExecutionContext.SuppressFlow())
            {
                factory.StartServer();
            }

            var address = factory.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First();
            using var client = new HttpClient(new DieselHttpHandler(null, hub)) { BaseAddress = new(address), Timeout = Timeout.InfiniteTimeSpan };
            Assert.That(await client.GetStringAsync(new Uri("/wait", UriKind.Relative)), Is.EqualTo("GET /wait "));
            Assert.That(test.Scheduler.Elapsed, Is.EqualTo(TimeSpan.FromDays(1)).Within(TimeSpan.FromSeconds(1)));
        },
        new() { Settle = TimeSpan.FromSeconds(1) });

    // What a suite adds to its own: the last server that is added is the one.
    private sealed class Factory(Action<IWebHostBuilder> serve) : WebApplicationFactory<DieselFactoryTests>
    {
        public Type KindOfServer() => Services.GetRequiredService<IServer>().GetType();

        // One that watches no files: virtual time waits for all that a test has begun.
        protected override IHostBuilder CreateHostBuilder() => new HostBuilder()
            .ConfigureWebHostDefaults(static web => web.Configure(static app => app.Run(static async context =>
            {
                if (context.Request.Path == "/wait")
                {
                    await Task.Delay(TimeSpan.FromDays(1), context.RequestServices.GetRequiredService<TimeProvider>());
                }

                var body = await new StreamReader(context.Request.Body).ReadToEndAsync();
                await context.Response.WriteAsync($"{context.Request.Method} {context.Request.Path}{context.Request.QueryString} {body}");
            })));

        protected override void ConfigureWebHost(IWebHostBuilder builder) => builder.UseContentRoot(AppContext.BaseDirectory);

        protected override IHost CreateHost(IHostBuilder builder)
        {
            builder.ConfigureWebHost(serve);
            return base.CreateHost(builder);
        }
    }
}
