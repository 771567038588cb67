using System.Net;

namespace Diesel.Reactive.Tests;

/// <summary>A server of real sockets that is restarted under its clients.</summary>
[TestFixtureSource(typeof(EventLoops), nameof(EventLoops.All))]
public class RestartSocketTests(Func<Hub> newHub)
{
    private static readonly int Clients = Live.IsSoak ? 1000 : 200;
    private const int Restarts = 5;

    [Test]
    public void Each_call_is_answered_or_told_and_all_clients_come_back()
    {
        using var clients = new Live(newHub());
        using var server = new Live(newHub());
        var play = new ComingBack(clients.Hub, server.Hub, new IPEndPoint(IPAddress.Loopback, 0), new());
        server.Do(play.Begin);
        clients.Do(() => play.Join(Clients));
        for (var i = 0; i < Restarts; i++)
        {
            server.Run(async () => await server.Hub.Sleep(TimeSpan.FromMilliseconds(300)));
            server.Run(() => play.Restart(TimeSpan.FromMilliseconds(200)));
        }

        clients.Do(play.Leave);
        clients.Run(async () =>
        {
            while (play.Answered + play.Failed < play.Asked)
            {
                await clients.Hub.Sleep(TimeSpan.FromMilliseconds(20));
            }
        });
        Assert.That(play.Wrong, Is.Empty);
        Assert.That(play.Answered, Is.GreaterThan(Clients));
        Assert.That(play.Dials, Is.InRange(Clients * 2, Clients * (1 + (Restarts * 7))));
        clients.Do(play.Stop);
    }
}
