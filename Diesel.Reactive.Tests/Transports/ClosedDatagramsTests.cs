using System.Net;

namespace Diesel.Reactive.Tests;

/// <summary>As <see cref="ClosedTransportTests"/>, for datagrams.</summary>
[TestFixtureSource(typeof(EventLoops), nameof(EventLoops.All))]
[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
public sealed class ClosedDatagramsTests(Func<Hub> loop) : IDisposable
{
    private const int Successors = 4;

    private readonly Live _live = new(loop());

    public void Dispose() => _live.Dispose();

    [Test]
    public void What_is_sent_from_a_closed_socket_does_not_leave_from_the_next() => Assert.That(
        _live.Run(async () =>
        {
            var heard = new List<EndPoint>();
            var hearer = Bind(datagram => heard.Add(datagram.RemoteEndPoint));
            var old = Bind(static _ => { });
            old.Close();
            var next = Enumerable.Range(0, Successors).Select(_ => Bind(static _ => { })).ToArray();
            old.Send(new Datagram("not from me"u8.ToArray(), hearer.LocalEndPoint));
            old.Close();
            next[^1].Send(new Datagram("the last"u8.ToArray(), hearer.LocalEndPoint));
            while (!heard.Contains(next[^1].LocalEndPoint))
            {
                await _live.Hub.Sleep(TimeSpan.FromMilliseconds(1));
            }

            return heard.Count;
        }),
        Is.EqualTo(1));

    private IDatagramTransport Bind(Action<Datagram> received)
    {
        var socket = _live.Hub.Network.Bind(new IPEndPoint(IPAddress.Loopback, 0), null, new SocketOptions());
        socket.Start(received, static error => throw error);
        return socket;
    }
}
