using System.Net;

namespace Diesel.Reactive;

/// <summary>A handler that is a sequential conversation, in a loop of its own.</summary>
internal sealed class LoopHandling(Connection connection, EndPoint? peer, ServiceConnections all, Func<Connection, Task> handler)
    : Handling(connection, peer, all)
{
    private Loop? _loop;

    protected override void Run()
    {
        var body = LoopBody.Of(() => handler(Connection)) with { Name = this, IsJoined = true };
        _loop = LoopStart.Begin(Connection.Hub, body, loop => Connection.Replier = loop);
        _loop.Subscribe(static _ => { }, Fail, EndHandler);
    }

    // It may have something to finish that has nothing to do with the peer; Closed tells it.
    protected override void Unsubscribe()
    {
    }

    protected override void Kill() => _loop?.Dispose();
}
