using System.Net;
using System.Net.Sockets;

namespace Diesel.Reactive.Tests;

[Platform("Linux")]
public class EpollDialTests
{
    [Test]
    public void The_end_of_the_hub_ends_a_dial_that_nobody_answers()
    {
        using var live = new Live();
        using var full = new FullListener();
        var story = live.Do(() => Story.Of(full.Dial(live.Hub)));
        live.Do(static () => { });
        Assert.That(story.ToString(), Is.Empty);
        live.Hub.Dispose();
        Assert.That(story.ToString(), Is.EqualTo("#ObjectDisposedException"));
    }

    [Test]
    public void The_end_of_the_hub_does_not_begin_another_dial()
    {
        using var live = new Live();
        using var full = new FullListener();
        var dial = full.Dial(live.Hub);
        var story = live.Do(() => Story.Of(dial.Catch(dial)));
        live.Hub.Dispose();
        Assert.That(story.ToString(), Is.EqualTo("#ObjectDisposedException"));
    }

    [Test]
    public void Who_leaves_on_another_thread_while_the_dial_is_done_gets_no_connection()
    {
        using var live = new Live();
        using var peer = new RawPeer();
        var story = new Story<ITransport>();
        var dial = new EpollDial((EpollNetwork)live.Hub.Network, new IPEndPoint(IPAddress.Loopback, peer.Port), new(), story);
        live.Do(() =>
        {
            dial.Start();
            var leaving = Task.Run(dial.Dispose);
            SpinWait.SpinUntil(() => leaving.IsCompleted);
            dial.OnReady(Libc.Writable);
        });
        Assert.That((peer.Accept().ReadsToEnd().Text, story.ToString()), Is.EqualTo(("", "")));
    }

    /// <summary>Its backlog is full: the system leaves who connects without an answer.</summary>
    private sealed class FullListener : IDisposable
    {
        private readonly List<Socket> _sockets = [];
        private readonly IPEndPoint _endPoint;

        public FullListener()
        {
            var listener = New();
            listener.Bind(new IPEndPoint(IPAddress.Loopback, 0));
            listener.Listen(0);
            _endPoint = (IPEndPoint)listener.LocalEndPoint!;
            for (var i = 0; i < 4; i++)
            {
                _ = New().ConnectAsync(_endPoint);
            }

            Assert.That(_sockets.Count(static s => s.Connected), Is.LessThan(4));
        }

        public Awaitable<Connection> Dial(Hub hub) => Tcp.Connect("127.0.0.1", _endPoint.Port, hub: hub);

        public void Dispose() => _sockets.ForEach(static s => s.Dispose());

        private Socket New()
        {
            var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
            _sockets.Add(socket);
            return socket;
        }
    }
}
