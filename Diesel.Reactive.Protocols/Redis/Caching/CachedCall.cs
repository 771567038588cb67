using System.Buffers;

namespace Diesel.Reactive.Protocols.Redis;

/// <summary>A read under way whose reply is to be kept, with what makes the server tell of changes written right before it.</summary>
internal sealed class CachedCall<T>(CacheStore store, RedisCommand<T> command, CacheEntry entry, TimeSpan moreTime) : StreamCall<RespValue, T>
{
    private int _before;
    private bool _mayKeep;

    protected override bool IsRepeatable => true;

    protected override TimeSpan Wait => moreTime;

    protected override long Length => entry.Query.Length;

    public override string ToString() => command.ToString();

    protected override void Write(IBufferWriter<byte> output)
    {
        (_before, _mayKeep) = store.Begin(output);
        output.Write(entry.Query.Span);
    }

    protected override bool Read(RespValue reply, IObserver<T> items)
    {
        if (_before > 0)
        {
            _before--;
            if (reply.IsError)
            {
                store.Refused();
            }

            return false;
        }

        store.End(entry, _mayKeep ? reply : null);
        T value;
        try
        {
            value = command.Parse(reply);
        }
        catch (Exception wrong)
        {
            items.OnError(wrong);
            return true;
        }

        items.OnNext(value);
        return true;
    }
}
