using StackExchange.Redis;

namespace Diesel.Reactive.Benchmarks.Coordination;

/// <summary>The straightforward program: entries of a stream, read by the consumers of a group, acknowledged and deleted.</summary>
internal sealed class StreamsLoad : CoordinationLoad
{
    const string Key = "jobs";
    const string Group = "all";

    readonly ConnectionMultiplexer _multiplexer;
    volatile bool _isOver;

    public StreamsLoad(int port)
    {
        _multiplexer = ConnectionMultiplexer.Connect($"127.0.0.1:{port}");
        var db = _multiplexer.GetDatabase();
        db.KeyDelete(Key);
        db.StreamCreateConsumerGroup(Key, Group, StreamPosition.Beginning);
        for (var i = 0; i < Callers; i++)
        {
            var name = $"consumer{i}";
            _ = Task.Run(() => Put(db));
            _ = Task.Run(() => Take(db, name));
        }
    }

    public override void Dispose()
    {
        _isOver = true;
        _multiplexer.Dispose();
    }

    async Task Put(IDatabase db)
    {
        for (var i = 0; !_isOver; i++)
        {
            await db.StreamAddAsync(Key, "v", i);
        }
    }

    // It cannot block: who finds nothing looks again.
    async Task Take(IDatabase db, string name)
    {
        while (!_isOver)
        {
            foreach (var entry in await db.StreamReadGroupAsync(Key, Group, name, StreamPosition.NewMessages, count: 1))
            {
                await db.StreamAcknowledgeAsync(Key, Group, entry.Id);
                await db.StreamDeleteAsync(Key, [entry.Id]);
                Count();
            }
        }
    }
}
