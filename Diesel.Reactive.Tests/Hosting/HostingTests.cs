using System.Net;
using Diesel.Reactive.Hosting;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Diesel.Reactive.Tests;

public class HostingTests
{
    [Test]
    public async Task A_service_runs_as_long_as_the_host()
    {
        using var host = Host(services => services.AddTcpService("shout", 0, Shout));
        await host.StartAsync();
        var port = PortOf(host, "shout");
        Assert.That(await Ask(port, "hello"), Is.EqualTo("HELLO"));
        await host.StopAsync();
        Assert.That(async () => await Ask(port, "hello"), Throws.InstanceOf<ConnectionException>());
    }

    [Test]
    public async Task A_request_that_has_begun_is_answered_while_the_host_stops()
    {
        var goesOn = new AwaitableSource<System.Reactive.Unit>("a test", () => { });
        using var host = Host(services => services.AddTcpService("slow", 0, async connection =>
        {
            var line = await connection.Read(Framing.Lines());
            await goesOn;
            await connection.Send($"{line}, at last\r\n".ToBytes());
        }));
        await host.StartAsync();
        using var client = await Tcp.Connect("127.0.0.1", PortOf(host, "slow"));
        client.OnNext("hello\r\n".ToBytes());
        var answer = client.Read(Framing.Lines()).AsTask();
        await Until(host, snapshot => snapshot.Connections.Any(one => one.ReceivedBytes > 0));
        var stopping = host.StopAsync();
        goesOn.TrySetResult(default);
        Assert.That(await answer, Is.EqualTo("hello, at last"));
        await stopping;
    }

    [Test]
    public async Task A_handler_has_a_scope_of_its_own()
    {
        using var host = Host(services => services
            .AddScoped<Visit>()
            .AddTcpService("visits", 0, (provider, connection) => connection.Lines().Select(_ =>
                $"{ReferenceEquals(provider.GetRequiredService<Visit>(), provider.GetRequiredService<Visit>())} {provider.GetRequiredService<Visit>().Number}\r\n".ToBytes())));
        Visit.Count = 0;
        await host.StartAsync();
        Assert.That(await Ask(PortOf(host, "visits"), "x"), Is.EqualTo("True 1"));
        Assert.That(await Ask(PortOf(host, "visits"), "x"), Is.EqualTo("True 2"));
        await host.StopAsync();
        Assert.That(Visit.Disposed, Is.EqualTo(2));
    }

    [Test]
    public async Task Settings_take_the_place_of_what_the_code_says()
    {
        using var host = Host(
            services => services.AddTcpService("shout", 1, Shout),
            ("Diesel:Services:shout:EndPoint", "127.0.0.1:0"),
            ("Diesel:Services:shout:IdleTimeout", "00:00:00.2"),
            ("Diesel:Hub:Name", "mine"));
        await host.StartAsync();
        var service = host.Services.GetRequiredKeyedService<TcpService>("shout");
        Assert.That(((IPEndPoint)service.EndPoint).Address, Is.EqualTo(IPAddress.Loopback));
        Assert.That((await host.Services.GetRequiredService<Hub>().Snapshot()).Name, Does.StartWith("mine"));
        using var idle = await Tcp.Connect("127.0.0.1", service.Port);
        Assert.That(async () => await idle.Read(Framing.Lines()), Throws.InstanceOf<EndOfStreamException>().Or.InstanceOf<ConnectionException>());
        await host.StopAsync();
    }

    [TestCase("IdelTimeout", "00:00:01", "Diesel:Services:shout:IdelTimeout is no setting. These are: .*IdleTimeout")]
    [TestCase("IdleTimeout", "30", "IdleTimeout is '30': A time is hours:minutes:seconds")]
    [TestCase("MaxConnections", "-1", "MaxConnections is '-1'")]
    [TestCase("MaxConnections", "0", "MaxConnections is '0'")]
    [TestCase("EndPoint", "nowhere", "EndPoint is 'nowhere': An endpoint is")]
    [TestCase("Certificate", "/nowhere.pem", "Certificate is '/nowhere.pem'")]
    public void A_setting_that_is_wrong_fails_the_start(string setting, string value, string complaint)
    {
        using var host = Host(services => services.AddTcpService("shout", 0, Shout), ($"Diesel:Services:shout:{setting}", value));
        Assert.That(async () => await host.StartAsync(), Throws.InstanceOf<FormatException>().With.Message.Match(complaint));
    }

    // A name that is in none of both would be a limit that nobody can set without writing code.
    [Test]
    public async Task Each_limit_of_a_service_is_a_setting()
    {
        var limits = typeof(TcpServiceOptions).GetProperties()
            .Where(one => one.CanWrite && (one.PropertyType.IsPrimitive || one.PropertyType == typeof(TimeSpan) || one.PropertyType == typeof(int?)))
            .Select(one => one.Name);
        using var host = Host(services => services.AddTcpService("shout", 0, Shout), ("Diesel:Services:shout:x", "1"));
        var error = await Assert.ThrowsAsync<FormatException>(() => host.StartAsync());
        Assert.That(error!.Message.Split(": ")[^1].TrimEnd('.').Split(", "), Is.SupersetOf(limits));
    }

    [Test]
    public async Task A_service_that_cannot_listen_fails_the_start_and_stops_the_others()
    {
        using var taken = new System.Net.Sockets.TcpListener(IPAddress.Any, 0);
        taken.Start();
        using var host = Host(services => services
            .AddTcpService("first", 0, Shout)
            .AddTcpService("second", ((IPEndPoint)taken.LocalEndpoint).Port, Shout));
        Assert.That(async () => await host.StartAsync(), Throws.InstanceOf<ConnectionException>());
        Assert.That(async () => await Ask(PortOf(host, "first"), "hello"), Throws.InstanceOf<ConnectionException>().Or.InstanceOf<InvalidOperationException>());
    }

    [Test]
    public async Task Health_is_that_of_the_hub_and_its_services()
    {
        using var host = Host(services => services.AddTcpService("shout", 0, Shout).AddHealthChecks().AddDiesel());
        var health = host.Services.GetRequiredService<HealthCheckService>();
        Assert.That((await health.CheckHealthAsync()).Status, Is.EqualTo(HealthStatus.Unhealthy));
        await host.StartAsync();
        var report = await health.CheckHealthAsync();
        Assert.That((report.Status, report.Entries["diesel"].Data["connections"]), Is.EqualTo((HealthStatus.Healthy, 0)));
        await host.StopAsync();
        Assert.That((await health.CheckHealthAsync()).Status, Is.EqualTo(HealthStatus.Unhealthy));
    }

    [Test]
    public async Task A_hub_that_is_blocked_is_not_healthy()
    {
        using var host = Host(services => services.AddDiesel().AddHealthChecks().AddDiesel());
        await host.StartAsync();
        using var until = new ManualResetEventSlim();
        host.Services.GetRequiredService<Hub>().Post(_ => SpinWait.SpinUntil(() => until.IsSet));
        var report = await host.Services.GetRequiredService<HealthCheckService>().CheckHealthAsync();
        until.Set();
        Assert.That(report.Entries["diesel"].Description, Does.Contain("took no turn"));
        await host.StopAsync();
    }

    [Test]
    public async Task What_the_hub_logs_is_in_the_hosts_log()
    {
        var entries = new LogEntries();
        using var host = Host(services => services.AddTcpService("shout", 0, Shout).AddLogging(logging => logging.AddProvider(entries)));
        await host.StartAsync();
        host.Services.GetRequiredService<Hub>().Report(new InvalidOperationException("it broke"), "a test");
        await host.StopAsync();
        Assert.That(entries.All.Select(one => one.Text), Has.One.Contains("started").And.Some.EqualTo("a test: InvalidOperationException: it broke"));
    }

    private static IHost Host(Action<IServiceCollection> add, params (string Key, string Value)[] settings)
    {
        var builder = Microsoft.Extensions.Hosting.Host.CreateEmptyApplicationBuilder(null);
        builder.Configuration.AddInMemoryCollection(settings.Select(one => KeyValuePair.Create(one.Key, (string?)one.Value)));
        add(builder.Services);
        return builder.Build();
    }

    private static IObservable<ReadOnlyMemory<byte>> Shout(Connection connection) => connection.UntilEol().Select(line => line.ToUpper());

    private static int PortOf(IHost host, string name) => host.Services.GetRequiredKeyedService<TcpService>(name).Port;

    private static async Task<string> Ask(int port, string line)
    {
        using var client = await Tcp.Connect("127.0.0.1", port);
        client.OnNext($"{line}\r\n".ToBytes());
        return await client.Read(Framing.Lines());
    }

    private static async Task Until(IHost host, Func<HubSnapshot, bool> isSo)
    {
        var hub = host.Services.GetRequiredService<Hub>();
        while (!isSo(await hub.Snapshot()))
        {
            await hub.Sleep(TimeSpan.FromMilliseconds(1));
        }
    }

    private sealed class Visit : IDisposable
    {
        public static int Count;
        public static int Disposed;

        public int Number { get; } = ++Count;

        public void Dispose() => Disposed++;
    }
}
