namespace Diesel.Reactive.Tests;

/// <summary>A connection under test, and the scripted peer at its other end.</summary>
internal sealed class Wire
{
    public const int Port = 7;

    public Wire(World world, TcpConnectOptions? options)
    {
        World = world;
        using var peers = world.Listens(Port);
        Connection = world.Watch(Tcp.Connect("10.0.0.1", Port, options, world.Hub)).Last;
        Peer = peers.Last;
        Transport = (MemoryTransport)((Connection)Connection).Transport;
    }

    public Wire(TcpConnectOptions? options = null)
        : this(new World(), options)
    {
    }

    public World World { get; }

    public Hub Hub => World.Hub;

    public IConnection Connection { get; }

    public Peer Peer { get; }

    /// <summary>The connection's end of the wire.</summary>
    public MemoryTransport Transport { get; }

    /// <summary>Subscribes to something of the connection's in a turn.</summary>
    public Story<T> Watch<T>(Func<IConnection, IObservable<T>> source) => World.Watch(source(Connection));

    public Story<ReadOnlyMemory<byte>> Lines() => Watch(c => c.UntilEol());

    public Wire Do(Action<IConnection> action)
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

    /// <summary>Runs a conversation in a loop.</summary>
    public Task Converses(Func<IConnection, Task> conversation)
    {
        var done = Task.CompletedTask;
        World.Joined(World.Hub.Fork(() => done = conversation(Connection)));
        return done;
    }
}
