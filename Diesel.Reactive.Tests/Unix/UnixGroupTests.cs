namespace Diesel.Reactive.Tests;

/// <summary>One path for the hubs of a group.</summary>
public class UnixGroupTests
{
    [Test]
    public void All_hubs_of_a_group_serve_one_path([Values] bool portable)
    {
        using var folder = new SocketFolder();
        using var hubs = new HubGroup(3, new HubOptions { Portable = portable });
        var service = new TcpServiceGroup(folder["s"], static c => c.UntilEol(), hubs);
        service.Start();
        var peers = Enumerable.Range(0, 30).Select(_ => new RawPeer(folder["s"])).ToList();
        Assert.That(peers.Select(static peer => peer.Sends("A\r\n").Reads(3)), Is.All.EqualTo("A\r\n"));
        Assert.That((service.ConnectionCounts.Sum(), folder.Names), Is.EqualTo((30, "s")));
        peers.ForEach(static peer => peer.Dispose());
        Assert.That(Task.Run(async () => await service.Stop()).Wait(Live.Patience), Is.True);
        Assert.That(folder.Names, Is.Empty);
    }

    [Test]
    public void Two_groups_do_not_share_one()
    {
        using var folder = new SocketFolder();
        using var hubs = new HubGroup(2);
        using var other = new RawPeer(folder["s"], backlog: 5);
        Assert.That(() => new TcpServiceGroup(folder["s"], static c => c, hubs).Start(), Throws.InstanceOf<ConnectionException>());
        Assert.That(folder.Names, Is.EqualTo("s"));
    }
}
