using Diesel.Reactive.Testing;

namespace Diesel.Reactive.Tests;

/// <summary>A connection under test, and the scripted peer at its other end.</summary>
internal sealed class Wire
{
    public const int Port = 7;

    private const int LineLength = 4;

    public Wire(World world, TcpConnectOptions? options)
    {
        World = world;
        using var peers = world.Listens(Port);
        Connection = world.Watch(Tcp.Connect("10.0.0.1", Port, options, world.Hub)).Last;
        Peer = peers.Last;
        Transport = (VirtualTransport)((Connection)Connection).Transport;
    }

    public Wire(TcpConnectOptions? options = null)
        : this(new World(), options)
    {
    }

    public World World { get; }

    /// <summary>Lines of the peer's that wait to be read.</summary>
    public int UnreadLines => Transport.Unread / LineLength;

    public Hub Hub => World.Hub;

    public Connection Connection { get; }

    public Peer Peer { get; }

    /// <summary>The connection's end of the wire.</summary>
    public VirtualTransport Transport { get; }

    /// <summary>A peer has sent the numbers from 10 on, one per line, and a chunk is a line.</summary>
    public static Wire OfLines(int count)
    {
        var wire = new Wire();
        wire.World.Network.Conditions = new() { Cut = Cut.Of(static there => Math.Min(there, LineLength)) };
        wire.Peer.Sends(string.Concat(Enumerable.Range(10, count).Select(static n => $"{n}\r\n")));
        return wire;
    }

    /// <summary>What crossed the wire in both directions, as text, each send by itself.</summary>
    public IEnumerable<string> Sent => World.Network.Trace.Entries
        .Where(entry => entry.Kind == TraceKind.Sent && entry.Connection == Transport.Connection)
        .Select(static entry => entry.Bytes.ToText());

    /// <summary>Subscribes to something of the connection's in a turn.</summary>
    public Story<T> Watch<T>(Func<Connection, IObservable<T>> source) => World.Watch(source(Connection));

    public Story<ReadOnlyMemory<byte>> Lines() => Watch(c => c.UntilEol());

    public Wire Do(Action<Connection> action)
    {
        World.Do(() => action(Connection));
        return this;
    }

    public Wire Sends(string text) => Do(c => c.OnNext(text.ToBytes()));

    public Wire Passes(double seconds)
    {
        World.Passes(seconds);
        return this;
    }

    /// <summary>Runs a conversation until nothing is left to happen; what goes wrong fails the test.</summary>
    public void Plays(Func<Connection, Task> conversation)
    {
        World.Play(() => conversation(Connection));
        Assert.That(World.Errors, Is.Empty);
    }

    /// <summary>Runs a conversation in a loop.</summary>
    public Task Converses(Func<Connection, Task> conversation)
    {
        var done = Task.CompletedTask;
        World.Joined(World.Hub.Fork(() => done = conversation(Connection)));
        return done;
    }
}
