using System.Net;
using System.Text;

namespace Diesel.Reactive.Tests;

/// <summary>Verbs of a <see cref="World"/> in which TLS is spoken: its services are at port 7.</summary>
internal static class TlsPlay
{
    private const int Port = 7;
    private const int Longest = 100_000;

    public static void EchoesTls(this World world, TcpServiceOptions? options = null) => world.ServesTls(static c => c.UntilEol(Longest), options);

    public static TcpService ServesTls(this World world, Func<Connection, IObservable<ReadOnlyMemory<byte>>> handler, TcpServiceOptions? options = null) =>
        world.Starts(new TcpService(Port, handler, options ?? new() { Tls = Authority.Server }));

    public static Connection DialsTls(this World world) => world.Watch(Tcp.Connect("10.0.0.1", Port, new() { Tls = Authority.Client }, world.Hub)).Last;

    /// <summary>What is answered to all of it, its end included.</summary>
    public static Story<ReadOnlyMemory<byte>> AsksTls(this World world, params string[] lines) => world.AsksTls(new TcpConnectOptions { Tls = Authority.Client }, lines);

    /// <inheritdoc cref="AsksTls(World, string[])"/>
    public static Story<ReadOnlyMemory<byte>> AsksTls(this World world, TcpConnectOptions options, params string[] lines)
    {
        var story = world.Watch(Tcp.Connect("10.0.0.1", Port, options, world.Hub).SelectMany(connection =>
        {
            lines.ToList().ForEach(line => connection.OnNext(line.ToBytes()));
            connection.OnCompleted();
            return connection.UntilEol(Longest);
        }));
        world.Passes(5);
        return story;
    }

    /// <summary>A connection, and the service's end of it.</summary>
    public static (Connection Connection, Connection Peer) WiresTls(this World world, Func<ITransport, Hub, ITransport>? layer = null)
    {
        Connection? accepted = null;
        using var listening = Tcp.Listen(new IPEndPoint(IPAddress.Any, 9), new() { Tls = Authority.Server }, world.Hub).Subscribe(c => accepted = c);
        var connection = world.Watch(Tcp.Connect("10.0.0.1", 9, new() { Tls = Authority.Client, Layer = layer }, world.Hub)).Last;
        return (connection, accepted!);
    }

    /// <summary>A connection has sent something, and then TCP ended without TLS saying so.</summary>
    public static (Connection Connection, Connection Peer) CutShortTls(this World world, string text = "all")
    {
        ITransport? raw = null;
        var (connection, peer) = world.WiresTls((below, _) => raw = below);
        world.Do(() => connection.OnNext(text.ToBytes()));
        world.Do(() => raw!.ShutdownSend());
        return (connection, peer);
    }

    /// <summary>What a client says first.</summary>
    public static byte[] ClientHello(this World world)
    {
        using var peers = world.Listens(99);
        var dial = world.Watch(Tcp.Connect("10.0.0.1", 99, new() { Tls = Authority.Stranger }, world.Hub));
        var hello = Encoding.Latin1.GetBytes(peers.Last.Received);
        world.Do(() => dial.Subscription!.Dispose());
        return hello;
    }
}
