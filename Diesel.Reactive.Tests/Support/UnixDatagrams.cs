using System.Net;
using System.Net.Sockets;

namespace Diesel.Reactive.Tests;

/// <summary>Tests of datagrams of Unix sockets on one network.</summary>
/// <param name="network">A loop's name, or <c>virtual</c>.</param>
public abstract class UnixDatagrams(string network)
{
    private readonly List<Exception> _errors = [];
    private Live? _live;
    private World? _world;
    private SocketFolder _folder = null!;

    protected static IEnumerable<string> Loops => EventLoops.Named.Select(static loop => loop.Name);

    internal SocketFolder Folder => _folder;

    /// <summary>The hub, where the network is the system's.</summary>
    internal Live Live => _live!;

    protected List<Exception> Errors => _errors;

    [SetUp]
    public void Start()
    {
        _errors.Clear();
        _folder = new SocketFolder();
        _world = network == "virtual" ? new World() : null;
        _live = _world is null ? new Live(EventLoops.Named.Single(loop => loop.Name == network).NewHub()) : null;
    }

    [TearDown]
    public void Stop()
    {
        _live?.Dispose();
        _world?.Dispose();
        _folder.Dispose();
    }

    protected static UdpService Shouts(EndPoint at, Hub hub)
    {
        var service = new UdpService(at, static socket => socket.Datagrams().Select(static d => d.Reply(d.Payload.ToUpper())), hub: hub);
        service.Start();
        return service;
    }

    protected static Socket NewSocket() => new(AddressFamily.Unix, SocketType.Dgram, ProtocolType.Unspecified);

    protected string Play(Func<Hub, Task<string>> loop)
    {
        if (_live is not null)
        {
            return _live.Run(() => loop(_live.Hub));
        }

        var told = "";
        _world!.Play(async () => told = await loop(_world.Hub));
        return told;
    }

    protected sealed class UnixAsker(EndPoint remote, Hub hub) : DatagramClient(remote, hub: hub)
    {
        public Awaitable<string> Ask(string question) => Call(async socket =>
        {
            socket.Send(question.ToBytes());
            return (await socket.Receive()).Payload.ToText();
        });
    }
}
