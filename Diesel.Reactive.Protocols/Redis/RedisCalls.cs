using System.Buffers;

namespace Diesel.Reactive.Protocols.Redis;

/// <summary>A call of several commands.</summary>
internal interface IRedisCommandGroup
{
    IEnumerable<IRedisCommand> Commands { get; }
}

/// <summary>Several commands under way, as one call with as many replies.</summary>
/// <param name="batch">The commands.</param>
/// <param name="replies">How many replies there are to be.</param>
internal abstract class RedisCalls<T>(RedisBatch batch, int replies) : Call<RespValue, T>, IRedisCommandGroup
{
    private TimeSpan _moreTime;
    private RespValue[] _replies = [];
    private int _filled;
    private bool _isAsking;
    private int _before;

    IEnumerable<IRedisCommand> IRedisCommandGroup.Commands => batch.Commands;

    /// <summary>What it is called, where calls are measured.</summary>
    public abstract string Operation { get; }

    /// <summary>How many commands it has.</summary>
    public int Size => batch.Count;

    /// <summary>Whether it is carried out as a whole; that ends the watch of keys.</summary>
    public virtual bool IsTransaction => false;

    protected override TimeSpan Wait => _moreTime;

    protected override long Length => Batch.Length;

    protected RedisBatch Batch => batch;

    public IReadOnlyList<IRedisCommand> Commands => [.. batch.Commands];

    public TimeSpan MoreTime => _moreTime;

    /// <summary>Notes each time it is sent; null: nobody wants to know.</summary>
    public Attempts? Attempts { get; private set; }

    /// <summary>The same for a server that has not got the slot yet: it is told so before.</summary>
    public RedisCalls<T> Asking()
    {
        var asking = (RedisCalls<T>)MemberwiseClone();
        asking._isAsking = true;
        return asking;
    }

    /// <summary>The same, of which it is noted how often it is sent.</summary>
    public RedisCalls<T> With(Attempts attempts)
    {
        var noted = (RedisCalls<T>)MemberwiseClone();
        noted.Attempts = attempts;
        return noted;
    }

    /// <summary>What all the replies mean that came in parts.</summary>
    public T ResultOf(RespValue[] all) => Result(all);

    /// <summary>Gives it more time than others have.</summary>
    public RedisCalls<T> With(TimeSpan moreTime)
    {
        _moreTime = moreTime;
        return this;
    }

    protected override bool IsNextLast => _before == 0 && _filled == replies - 1;

    // It may be sent again, when some of the replies have come, and by several who wait for a copy each.
    protected override void Write(IBufferWriter<byte> output)
    {
        Attempts?.Begin();
        (_replies, _filled) = (new RespValue[replies], 0);
        _before = _isAsking ? 1 : 0;
        if (_isAsking)
        {
            output.Write("*1\r\n$6\r\nASKING\r\n"u8);
        }

        WriteAll(output);
    }

    protected virtual void WriteAll(IBufferWriter<byte> output) => Batch.Write(output);

    protected override void Keep(RespValue reply)
    {
        if (_before > 0)
        {
            _before--;
            return;
        }

        _replies[_filled++] = reply;
    }

    protected override T Read(RespValue reply)
    {
        _replies[_filled] = reply;
        return Result(_replies);
    }

    /// <summary>What all the replies mean.</summary>
    protected abstract T Result(RespValue[] all);
}

/// <summary>A batch under way.</summary>
internal sealed class RedisBatchCall<T>(RedisBatch batch, Func<RespValue[], T> read) : RedisCalls<T>(batch, batch.Count)
{
    public override string Operation => "PIPELINE";

    protected override bool IsRepeatable => Batch.IsRepeatable;

    public override string ToString() => $"a batch of {Batch.Count}";

    protected override T Result(RespValue[] all) => Batch.Refused(all) is { } refused ? throw refused : read(all);
}

/// <summary>A transaction under way.</summary>
internal sealed class RedisTransactionCall<T>(RedisBatch batch, Func<RespValue[], T> read) : RedisCalls<T>(batch, batch.Count + 2)
{
    public override string Operation => "MULTI";

    public override bool IsTransaction => true;

    public override string ToString() => $"a transaction of {Batch.Count}";

    protected override void WriteAll(IBufferWriter<byte> output)
    {
        output.Write("*1\r\n$5\r\nMULTI\r\n"u8);
        base.WriteAll(output);
        output.Write("*1\r\n$4\r\nEXEC\r\n"u8);
    }

    // OK, then QUEUED for each or why not, then what EXEC says.
    protected override T Result(RespValue[] all)
    {
        var exec = all[^1];
        if ((all[0].ToException() ?? Batch.Refused(all.AsSpan()[1..^1]) ?? (Exception?)exec.ToException()) is { } refused)
        {
            throw refused;
        }

        var values = exec.IsNull ? throw new RedisTransactionException() : exec.ToItems().ToArray();
        return values.Length != Batch.Count ? throw new ProtocolException($"EXEC gave {values.Length} values for {Batch.Count} commands.")
            : Batch.Refused(values) is { } failed ? throw failed
            : read(values);
    }
}
