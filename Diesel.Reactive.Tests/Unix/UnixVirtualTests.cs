using System.Net.Sockets;
using Diesel.Reactive.Testing;

namespace Diesel.Reactive.Tests;

/// <summary>Unix sockets on the virtual network: paths of a host.</summary>
public class UnixVirtualTests
{
    private static readonly UnixDomainSocketEndPoint At = new("/run/s");

    [Test]
    public void A_service_and_a_client_of_one_host_talk_as_over_real_ones()
    {
        using var world = new World();
        world.Starts(new TcpService(At, static c => Observable.Return($"{c} {c.Feature<PeerCredentials>()?.UserId}\r\n".ToBytes()).Concat(c.UntilEol())));
        var lines = new List<string>();
        world.Play(async () =>
        {
            using var connection = await Tcp.Connect(At);
            lines.Add((await connection.Read(Framing.Lines())));
            connection.OnNext("A\r\n".ToBytes());
            lines.Add((await connection.Read(Framing.Lines())));
            lines.Add($"{connection.RemoteEndPoint} {connection.Feature<PeerCredentials>()?.ProcessId}");
        });
        Assert.That(lines, Is.EqualTo(new[] { "connection /run/s to an unnamed socket 1000", "A", "/run/s 1000" }));
        Assert.That(world.Errors, Is.Empty);
    }

    [Test]
    public void A_host_says_who_its_processes_are()
    {
        using var world = new World();
        world.Network.Host("local").Credentials = new(1, 0, 0);
        world.Starts(new TcpService(At, static c => Observable.Return($"{c.Feature<PeerCredentials>()}".ToBytes())));
        Assert.That(world.Watch(Tcp.Connect(At, hub: world.Hub).SelectMany(static c => c)).Last.ToText(), Is.EqualTo(
            "PeerCredentials { ProcessId = 1, UserId = 0, GroupId = 0 }"));
    }

    [Test]
    public void Another_host_has_other_paths()
    {
        MarbleTest.RunAsync(async t =>
        {
            new TcpService(At, static c => c).Start(t.HubOn("server"));
            var error = await Tcp.Connect(At, hub: t.HubOn("client")).Select(static _ => (Exception?)null).Catch((Exception e) => Observable.Return<Exception?>(e));
            Assert.That(error!.Message, Is.EqualTo("Cannot connect to /run/s: there is no such socket. Is its server running, and the path right?"));
        }).GetAwaiter().GetResult();
    }

    [Test]
    public void A_path_is_taken_once_and_free_again_afterwards()
    {
        using var world = new World();
        var service = world.Starts(new TcpService(At, static c => c));
        Assert.That(() => world.Starts(new TcpService(At, static c => c)), Throws.InstanceOf<ConnectionException>().With.Message.Contains("somebody listens there"));
        world.Watch(service.Stop());
        Assert.That(() => world.Starts(new TcpService(At, static c => c)), Throws.Nothing);
    }

    [TestCase(false, "|")]
    [TestCase(true, "#ConnectionException")]
    public void An_abort_is_a_reset_only_where_bytes_are_lost(bool unread, string end)
    {
        using var world = new World();
        world.Starts(new TcpService(At, async c =>
        {
            await world.Hub.Sleep(TimeSpan.FromSeconds(1));
            c.Abort();
        }));
        var client = world.Watch(Tcp.Connect(At, hub: world.Hub)).Last;
        var story = world.Watch(client.UntilEol());
        if (unread)
        {
            world.Do(() => client.OnNext("A\r\n".ToBytes()));
        }

        world.Passes(2);
        Assert.That(story.ToString(), Is.EqualTo(end));
    }
}
