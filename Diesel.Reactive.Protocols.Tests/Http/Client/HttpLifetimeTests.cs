using System.Net;
using Diesel.Reactive.Protocols.Http;
using static Diesel.Reactive.Tests.HttpTalk;

namespace Diesel.Reactive.Tests;

/// <summary>How long a client uses a connection: as its server, its address and its options allow.</summary>
public class HttpLifetimeTests
{
    private World _world = null!;

    [SetUp]
    public void Start() => _world = new World();

    [TearDown]
    public void Stop() => _world.Dispose();

    [Test]
    public void A_server_that_is_patient_for_130_seconds_is_asked_again_until_then()
    {
        var connections = new HashSet<EndPoint>();
        _world.Starts(new HttpService(Port, request => HttpResponse.Text($"{connections.Add(request.RemoteEndPoint)}")));
        using var client = _world.Clients(DieselHttpHandler.Defaults with { WebProxy = null, IdleTimeout = Timeout.InfiniteTimeSpan });
        _world.Play(async () =>
        {
            Assert.That(await client.GetStringAsync("/"), Is.EqualTo("True"));
            await _world.Hub.Sleep(TimeSpan.FromSeconds(129));
            Assert.That(await client.GetStringAsync("/"), Is.EqualTo("False"));
            await _world.Hub.Sleep(TimeSpan.FromSeconds(131));
            Assert.That(await client.GetStringAsync("/"), Is.EqualTo("True"));
        });
    }

    [Test]
    public void A_connection_is_not_used_beyond_what_its_server_and_its_address_allow()
    {
        var server = _world.Serves("HTTP/1.1 200 OK\r\nKeep-Alive: timeout=5, max=100\r\nContent-Length: 0\r\n\r\n");
        using var client = _world.Asks();
        _world.Play(async () =>
        {
            await client.Request("GET", "/").Told();
            await _world.Hub.Sleep(TimeSpan.FromSeconds(3));
            await client.Request("GET", "/").Told();
            Assert.That(server.Count, Is.EqualTo(1));
            await _world.Hub.Sleep(TimeSpan.FromSeconds(4.5));
            await client.Request("GET", "/").Told();
            Assert.That(server.Count, Is.EqualTo(2));
        });
        _world.Hub.UseResolver(new ScriptedNames(Observable.Return(new ResolvedAddress(World.Here, TimeSpan.FromSeconds(10)))));
        using var named = new HttpHubClient("named", Port, hub: _world.Hub);
        _world.Play(async () =>
        {
            for (var i = 0; i < 6; i++)
            {
                await named.Request("GET", "/").Told();
                await _world.Hub.Sleep(TimeSpan.FromSeconds(2));
            }

            Assert.That(named.Counts.Created, Is.EqualTo(2));
        });
    }
}
