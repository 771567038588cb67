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
            _ = Task.Run(() => Pass(db, name));
        }
    }

    public override void Dispose()
    {
        _isOver = true;
        _multiplexer.Dispose();
    }

    async Task Pass(IDatabase db, string name)
    {
        for (var i = 0; !_isOver; i++)
        {
            await db.StreamAddAsync(Key, "v", i);
            await Take(db, name);
            Count();
        }
    }

    // It cannot block: who finds nothing looks again.
    async Task Take(IDatabase db, string name)
    {
        var entries = Array.Empty<StreamEntry>();
        while (entries.Length == 0)
        {
            entries = await db.StreamReadGroupAsync(Key, Group, name, StreamPosition.NewMessages, count: 1);
        }

        await db.StreamAcknowledgeAsync(Key, Group, entries[0].Id);
        await db.StreamDeleteAsync(Key, [entries[0].Id]);
    }
}
