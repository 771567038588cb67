using Diesel.Reactive.Hosting;
using Diesel.Reactive.Protocols.Http;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace Diesel.Reactive.Tests;

public class HubClientsTests
{
    private HttpService _server = null!;

    [SetUp]
    public void Start()
    {
        _server = new HttpService(0, static request => HttpResponse.Text($"{request.Target} {request.Headers["X-From"]}{request.Headers["Cookie"]}").With("Set-Cookie", "a=b"));
        _server.Start(Hub.Default);
    }

    [TearDown]
    public async Task Stop() => await _server.DisposeAsync();

    [Test]
    public async Task A_named_client_speaks_over_the_hosts_hub()
    {
        using var host = Host(services => services.AddDieselHttpClient("store", client =>
        {
            client.BaseAddress = new($"http://127.0.0.1:{_server.Port}");
            client.DefaultRequestHeaders.Add("X-From", "me");
        }));
        await host.StartAsync();
        using var client = host.Services.GetRequiredService<IHttpClientFactory>().CreateClient("store");
        Assert.That(await client.GetStringAsync(new Uri("x", UriKind.Relative)), Is.EqualTo("/x me"));
        Assert.That((await host.Services.GetRequiredService<Hub>().Snapshot()).ConnectionCount, Is.EqualTo(1));
    }

    [Test]
    public async Task A_typed_client_has_the_same_connections_each_time()
    {
        using var host = Host(services => services.AddHttpClient<Store>(client => client.BaseAddress = new($"http://127.0.0.1:{_server.Port}")).UseDiesel());
        await host.StartAsync();
        for (var i = 0; i < 3; i++)
        {
            Assert.That(await host.Services.GetRequiredService<Store>().Get("y"), Is.EqualTo("/y "), "There are no cookies that all would share.");
        }

        Assert.That((await host.Services.GetRequiredService<Hub>().Snapshot()).ConnectionCount, Is.EqualTo(1));
    }

    [Test]
    public async Task Its_settings_may_stand_in_the_configuration()
    {
        using var host = Host(services => services.AddDieselHttpClient("store"), ("Diesel:Clients:store:Timeout", "00:00:00.1"));
        using var silent = new System.Net.Sockets.TcpListener(System.Net.IPAddress.Loopback, 0);
        silent.Start();
        await host.StartAsync();
        using var client = host.Services.GetRequiredService<IHttpClientFactory>().CreateClient("store");
        Assert.That(async () => await client.GetStringAsync(new Uri($"http://{silent.LocalEndpoint}")), Throws.InstanceOf<HttpRequestException>().With.InnerException.InstanceOf<TimeoutException>());
    }

    [TestCase("Timeuot", "00:00:01", "Diesel:Clients:store:Timeuot is no setting. These are: .*Timeout")]
    [TestCase("MaxConnections", "0", "MaxConnections is '0'")]
    [TestCase("FollowRedirects", "perhaps", "FollowRedirects is 'perhaps'")]
    public void A_setting_that_is_wrong_fails_the_start(string setting, string value, string complaint)
    {
        using var host = Host(services => services.AddDieselHttpClient("store"), ($"Diesel:Clients:store:{setting}", value));
        Assert.That(async () => await host.StartAsync(), Throws.InstanceOf<FormatException>().With.Message.Match(complaint));
    }

    // A name that is in none of both would be a limit that nobody can set without writing code.
    [Test]
    public async Task Each_limit_of_a_client_is_a_setting()
    {
        var limits = typeof(HttpClientOptions).GetProperties()
            .Where(static one => one.CanWrite && (one.PropertyType.IsPrimitive || one.PropertyType == typeof(TimeSpan)))
            .Select(static one => one.Name);
        using var host = Host(services => services.AddDieselHttpClient("store"), ("Diesel:Clients:store:x", "1"));
        var error = await Assert.ThrowsAsync<FormatException>(() => host.StartAsync());
        Assert.That(error!.Message.Split(": ")[^1].TrimEnd('.').Split(", "), Is.SupersetOf(limits));
    }

    private static IHost Host(Action<IServiceCollection> add, params (string Key, string Value)[] settings)
    {
        var builder = Microsoft.Extensions.Hosting.Host.CreateEmptyApplicationBuilder(null);
        builder.Configuration.AddInMemoryCollection(settings.Select(static one => KeyValuePair.Create(one.Key, (string?)one.Value)));
        add(builder.Services);
        return builder.Build();
    }

    private sealed class Store(HttpClient client)
    {
        public Task<string> Get(string path) => client.GetStringAsync(new Uri(path, UriKind.Relative));
    }
}
